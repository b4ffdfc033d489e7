/* plain_policy.h - whether policies let a request pass, written a second time: one rule of the manual after the other.
 */
#ifndef FAULTLINE_TESTS_REACH_PLAIN_POLICY_H
#define FAULTLINE_TESTS_REACH_PLAIN_POLICY_H

#include "reach/policy.h"

/* Answer, code and element as policy_judge should give them. */
PolicyAnswer plain_judge(const Model *model, const PolicyRequest *request);

#endif

/* setup.h - the model as the plain rows that measures are set up with (private to study/). */
#ifndef FAULTLINE_STUDY_SETUP_H
#define FAULTLINE_STUDY_SETUP_H

#include "measure/measure.h"
#include "model/model.h"

/* Borrows from the model; setup_clear frees the arrays. */
MeasureSetup setup_of(const Model *model);
void setup_clear(MeasureSetup *setup);

#endif

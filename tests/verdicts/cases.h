/* cases.h - worked cases of who reaches whom, each with the element that decides. */
#ifndef FAULTLINE_TESTS_VERDICTS_CASES_H
#define FAULTLINE_TESTS_VERDICTS_CASES_H

/* "A -> B tcp/80", and perhaps "from-port 40000" (the client's) and "by-public" (the server's public address). The
 * answer: the verdict, "(reply)" if decided on the way back, the code, "at" the place and "by" the deciding element. */
typedef struct {
    const char *ask, *answer;
} Question;

/* A small network (build.h) and changes to its state, one a line: down|up PLACE, cut PLACE PLACE, isolate|release HOST,
 * add|remove GROUP in|out PORTS PEER. */
typedef struct {
    const char *id, *network, *state;
    Question questions[10]; /* ended by an empty one */
} Case;

/* Ask everything, check every explanation too. Returns what main should. */
int cases_run(int argc, char **argv, const char *group, const Case *cases, unsigned count);

#endif

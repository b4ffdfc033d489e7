/* messages.h - jobs, messages and shelves, as the files that move them share them (private to world/).
 *
 * A *job* is one pass through a flow that is handed off on its way. Each hand-off makes a *message* of it, which lies
 * on the *shelf* of one keeper for one leg until somebody takes it; taking it is a *delivery*, which lives in a Slot
 * like a session. A message may be delivered again, and may be under way more than once: that is what "at least once"
 * means. */
#ifndef FAULTLINE_WORLD_MESSAGES_H
#define FAULTLINE_WORLD_MESSAGES_H

#include "world/state.h"

#define NO_MESSAGE UINT32_MAX

typedef struct {
    uint64_t key; /* numbers its luck */
    SimTime began;
    uint32_t flow, number; /* number within the flow, from 0 */
    uint32_t messages;     /* of it, that somebody may still work on or is working on */
    uint32_t done;         /* bit by first step of a leg: it has been worked on with success */
    bool finished, dead;   /* dead: the last that was given up went to the dead letters */
    Cause cause;           /* of that one */
    uint32_t free_next;
} JobState;

typedef struct {
    uint32_t job, shelf;
    SimTime since; /* it could be taken */
    uint32_t deliveries, running;
    uint32_t entries; /* of it, in `later` and `ready` of the shelf */
    uint32_t copy;    /* 1: the keeper gives it out a second time */
    bool hidden;      /* taken, and not in sight again */
    bool ready;       /* it lies in `ready` */
    bool settled;     /* worked on, or given up: what still runs changes nothing for it */
    bool write;
    Cause cause; /* of the last delivery that failed */
    uint32_t free_next;
} Message;

/* When a message may be taken (again). Those of one instant in the order of `order`. */
typedef struct {
    SimTime at;
    uint64_t order;
    uint32_t message;
} Due;

/* What one keeper has for one leg of one flow, and for whom. */
typedef struct {
    uint32_t flow;
    uint8_t head; /* first step of the leg */
    bool takes;   /* its workers connect to the keeper; else the provider comes to them */
    bool source;  /* the leg is the flow's first: a load puts its jobs here, and the keeper is who works on them */
    bool last;    /* the flow ends with this leg */
    uint8_t calls[STEPS_MOST];
    uint8_t call_count; /* calls[i]: first step of the call */
    ComponentId keeper;
    ComponentId *workers;
    uint32_t worker_count;
    Population population;
    Entrance entrance;
    char *owner; /* of its luck */

    const MessageRules *rules; /* of the keeper; NULL for a source */
    SimTime hidden;
    uint32_t deliveries_most, in_flight_most;

    GArray *later;         /* heap of Due */
    GQueue ready;          /* of messages, as GUINT_TO_POINTER */
    SimTime wake;          /* an event is scheduled for then, or before */
    uint32_t worker, unit; /* whose turn it is: index in workers, ordinal */
    uint32_t out;          /* taken, and out of sight */
    SimTime poll;          /* its keeper's; NEVER: nobody asks in vain */
    SimTime *polling;      /* by unit of its workers, in a row: since when it has asked in vain; NEVER: it does not */
    uint64_t kept, done, gone, dead;
} Shelf;

struct Messages {
    Shelf *shelves;
    uint32_t shelf_count;
    uint32_t **fed; /* by component: shelves that get what is put into it */
    uint32_t *fed_count;
    Message *messages;
    uint32_t message_count, message_room, message_free;
    JobState *jobs;
    uint32_t job_count, job_room, job_free;
    uint32_t *taken;    /* by unit: deliveries that it has */
    uint32_t *taken_by; /* by component */
    uint32_t *numbers;  /* by flow: jobs so far */
    uint64_t order;
};

static inline Shelf *shelf_of(const World *w, const Message *message) { return &w->messages->shelves[message->shelf]; }
static inline JobState *job_of(const World *w, const Message *message) { return &w->messages->jobs[message->job]; }

/* shelves.c: which there are, and the order of what lies on them. */
void shelves_build(World *w);
void shelf_start(World *w, Shelf *shelf); /* empty, at the beginning of a run */
void shelf_clear(Shelf *shelf);
void shelf_later(World *w, Shelf *shelf, uint32_t message, SimTime at); /* it may be taken then */
bool shelf_due(const World *w, Shelf *shelf, uint32_t *message);        /* the next that may be by now */
void shelf_wake(World *w, Shelf *shelf, SimTime at);

/* polls.c: who has nothing to do asks in vain, and each time is billed. */
void polls_build(const World *w, Shelf *shelf);
void polls_start(const World *w, Shelf *shelf);
void polls_follow(World *w);            /* units have changed */
void polls_unit(World *w, UnitId unit); /* it has begun to work, or has ended */
void polls_end(World *w);               /* of the run */

/* jobs.c: what becomes of jobs, and what is told of them. */
uint32_t job_begin(World *w, uint32_t flow, uint64_t key, SimTime began);
void job_finish(World *w, uint32_t job); /* unless it was */
/* Nobody will work on one of its messages any more: with the last the job is over. */
void job_release(World *w, uint32_t job);
void message_note(World *w, const Message *message, Fact fact);

#endif

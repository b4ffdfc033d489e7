/* jobs.c - what becomes of a job: it is finished when the last leg of its flow has been worked on for the first time,
 * and gone when nothing of it is left before. */
#include "world/messages.h"

uint32_t job_begin(World *w, uint32_t flow, uint64_t key, SimTime began) {
    Messages *m = w->messages;
    uint32_t index = m->job_free;
    if (index != NO_MESSAGE) {
        m->job_free = m->jobs[index].free_next;
    } else {
        if (m->job_count == m->job_room) {
            m->job_room = MAX(2 * m->job_room, 256);
            m->jobs = g_renew(JobState, m->jobs, m->job_room);
        }
        index = m->job_count++;
    }
    m->jobs[index] = (JobState){.key = key, .began = began, .flow = flow, .number = m->numbers[flow]++};
    world_note(w, (Fact){.kind = FACT_JOB_BEGAN,
                         .component = NO_COMPONENT,
                         .unit = NO_UNIT,
                         .place = NO_PLACE,
                         .subject = flow,
                         .other = UINT32_MAX,
                         .rule = m->jobs[index].number});
    return index;
}

static void job_note(World *w, const JobState *job, Fact fact) {
    fact.component = NO_COMPONENT;
    fact.unit = NO_UNIT;
    fact.place = NO_PLACE;
    fact.subject = job->flow;
    fact.other = UINT32_MAX;
    fact.rule = job->number;
    fact.span = simtime_sub(clock_of(w), job->began);
    world_report(w, &fact);
}

void job_finish(World *w, uint32_t index) {
    JobState *job = &w->messages->jobs[index];
    if (job->finished)
        return;
    job->finished = true;
    job_note(w, job, (Fact){.kind = FACT_JOB_FINISHED});
}

void job_release(World *w, uint32_t index) {
    JobState *job = &w->messages->jobs[index];
    if (--job->messages > 0)
        return;
    if (!job->finished)
        job_note(w, job, (Fact){.kind = FACT_JOB_ABANDONED, .cause = job->cause, .amount = job->dead});
    job->free_next = w->messages->job_free;
    w->messages->job_free = index;
}

void message_note(World *w, const Message *message, Fact fact) {
    const JobState *job = job_of(w, message);
    fact.component = shelf_of(w, message)->keeper;
    fact.place = NO_PLACE;
    fact.subject = job->flow;
    fact.other = UINT32_MAX;
    fact.rule = job->number;
    world_report(w, &fact);
}

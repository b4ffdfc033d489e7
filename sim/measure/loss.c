/* loss.c - which cause a broken session counts under: a table from how its last attempt failed, and three flags. */
#include "measure/loss.h"

#include "base/bug.h"

/* The place it was sent to did not do its work. An established session was using it; a new one was sent there, either
 * by an answer that its authority no longer gives, or because nobody had noticed yet. */
static Loss loss_at_place(const Fact *broken) {
    if (broken->flags & BROKEN_ESTABLISHED)
        return LOSS_IN_FLIGHT;
    return broken->flags & BROKEN_STALE_NAME ? LOSS_STALE_DNS : LOSS_UNDETECTED;
}

/* Some causes are the fault's doing only when the place was down or bent; otherwise they speak for themselves. */
static Loss loss_if_healthy(const Fact *broken, Loss healthy) {
    return broken->flags & BROKEN_UNDER_FAULT ? loss_at_place(broken) : healthy;
}

Loss loss_of(const Fact *broken) {
    BUG_IF(broken->kind != FACT_BROKEN, "only a broken session has a cause");
    switch (broken->cause) {
    case CAUSE_SILENT:
    case CAUSE_REFUSED: return loss_at_place(broken);
    case CAUSE_STATE_GONE: return LOSS_IN_FLIGHT;
    case CAUSE_SLOW: return loss_if_healthy(broken, LOSS_OVERLOAD);
    case CAUSE_NO_ROUTE: return loss_if_healthy(broken, LOSS_NO_ROUTE);
    case CAUSE_DROPPED: return loss_if_healthy(broken, LOSS_OTHER);
    case CAUSE_NO_TARGET:
        return broken->flags & BROKEN_ESTABLISHED ? loss_if_healthy(broken, LOSS_NO_TARGET) : LOSS_NO_TARGET;
    case CAUSE_FULL: return LOSS_OVERLOAD;
    case CAUSE_DENIED: return LOSS_DENIED;
    case CAUSE_BLOCKED: return LOSS_BLOCKED;
    case CAUSE_READ_ONLY: return LOSS_DATA;
    case CAUSE_CUT: return LOSS_CUT;
    case CAUSE_UNTRUSTED: return LOSS_UNTRUSTED;
    case CAUSE_HIJACKED: return LOSS_HIJACKED;
    case CAUSE_LIMITED: return LOSS_LIMITED;
    case CAUSE_UNAUTHORISED: return LOSS_UNAUTHORISED;
    case CAUSE_GATEWAY: return LOSS_GATEWAY_TIMEOUT;
    case CAUSE_NONE:
    case CAUSES: break;
    }
    return LOSS_OTHER;
}

const char *loss_name(Loss loss) {
    static const char *const names[LOSSES] = {
        "in_flight", "undetected", "stale_dns", "overload", "no_target", "denied",       "no_route",        "blocked",
        "data",      "cut",        "untrusted", "hijacked", "limited",   "unauthorised", "gateway_timeout", "other"};
    return names[loss];
}

bool loss_is_told(const MeasureSetup *setup, Loss loss) {
    switch (loss) {
    case LOSS_UNTRUSTED: return setup->trust;
    case LOSS_HIJACKED: return setup->forgeries;
    case LOSS_LIMITED:
    case LOSS_GATEWAY_TIMEOUT:
    case LOSS_UNAUTHORISED: return setup->meters;
    default: return true;
    }
}

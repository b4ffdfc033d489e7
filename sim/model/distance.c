/* distance.c - great circles without libm, and what C.10 makes of them. */
#include "model/distance.h"

#include <math.h>
#include <string.h>

#include "model/model.h"

#define PI 3.14159265358979323846
static const double EARTH_RADIUS = 6371008.8; /* metres */
static const double LIGHT = 299792458.0;      /* metres a second */

/* --- geometry ----------------------------------------------------------------------------------------------------- */

/* Taylor's series on [-pi/2, pi/2]; 13 terms leave less than 1e-18. */
static double sine(double x) {
    double square = x * x, term = x, sum = x;
    for (int n = 1; n <= 12; n++) {
        term = -term * square / (double)((2 * n) * (2 * n + 1));
        sum += term;
    }
    return sum;
}

/* 1 - 2 sin^2(x/2) loses nothing near 0, where 1 - cos would. */
static double cosine(double x) {
    double half = sine(x / 2);
    return 1 - 2 * half * half;
}

/* By halving the angle three times (sin(x/2) = sqrt((1 - cos x) / 2), written so that nothing cancels), then the
 * series. */
static double arc_sine(double x) {
    for (int i = 0; i < 3; i++) {
        double cos_x = sqrt(1 - x * x > 0 ? 1 - x * x : 0);
        x = x / sqrt(2 * (1 + cos_x));
    }
    double square = x * x, term = x, sum = x;
    for (int n = 1; n <= 20; n++) {
        term = term * square * (double)((2 * n - 1) * (2 * n - 1)) / (double)((2 * n) * (2 * n + 1));
        sum += term;
    }
    return 8 * sum;
}

/* Haversine (Sinnott 1984), whose error does not grow for near points as that of the law of cosines does. */
double distance_metres(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
    const double radian = PI / 180;
    double east = longitude_a > longitude_b ? longitude_a - longitude_b : longitude_b - longitude_a;
    double north = latitude_a > latitude_b ? latitude_a - latitude_b : latitude_b - latitude_a;
    east = east > 180 ? 360 - east : east;
    double sin_north = sine(north * radian / 2), sin_east = sine(east * radian / 2);
    /* Haversine; the product of cosines is the same either way round. */
    double square =
        sin_north * sin_north + cosine(latitude_a * radian) * cosine(latitude_b * radian) * (sin_east * sin_east);
    double chord = sqrt(square < 1 ? square : 1);
    return 2 * EARTH_RADIUS * arc_sine(chord);
}

/* --- time --------------------------------------------------------------------------------------------------------- */

/* Round trip over a great circle: there and back through fibre, by a route that is longer than the circle. */
static int64_t long_trip(const NetworkDefaults *network, const Place *a, const Place *b) {
    double metres = distance_metres(a->latitude, a->longitude, b->latitude, b->longitude);
    double speed = LIGHT * ((double)network->fibre_speed_share / 1e9);
    double seconds = 2 * metres / speed * ((double)network->route_factor / 1e9);
    return (int64_t)(seconds * 1e9 + 0.5) + network->fixed.ns;
}

/* Two outside places talk over both their last miles. */
static int64_t last_miles(const NetworkDefaults *network, const Place *a, const Place *b) {
    return ((a->level == PLACE_OUTSIDE) + (b->level == PLACE_OUTSIDE)) * network->last_mile.ns;
}

/* A handful of entries: a scan is faster than any index. */
static bool trip_known(const Model *model, const char *a, const char *b, int64_t *trip) {
    for (uint32_t i = 0; i < model->network.trip_count; i++) {
        const KnownTrip *known = &model->network.trips[i];
        if ((strcmp(known->from, a) == 0 && strcmp(known->to, b) == 0) ||
            (strcmp(known->from, b) == 0 && strcmp(known->to, a) == 0)) {
            *trip = known->round_trip.ns;
            return true;
        }
    }
    return false;
}

/* A region, an outside place, or NO_PLACE for a provider's edge, which is everywhere. */
static PlaceId located(const Model *model, PlaceId place) {
    if (place != NO_PLACE && model->places[place].level == PLACE_OUTSIDE)
        return place;
    return model_enclosing(model, place, PLACE_REGION);
}

/* The table of C.10, from the shortest way to the longest. */
static int64_t round_trip(const Model *model, PlaceId a, PlaceId b) {
    const NetworkDefaults *network = &model->network;
    PlaceId x = located(model, a), y = located(model, b);
    if (x == NO_PLACE || y == NO_PLACE) {
        PlaceId other = x == NO_PLACE ? y : x;
        return other != NO_PLACE && model->places[other].level == PLACE_OUTSIDE ? network->last_mile.ns : 0;
    }
    const Place *from = &model->places[x], *to = &model->places[y];
    int64_t trip;
    if (x == y && from->level == PLACE_OUTSIDE)
        return 2 * network->last_mile.ns;
    if (x == y || strcmp(from->path, to->path) == 0) {
        PlaceId zone_a = model_enclosing(model, a, PLACE_ZONE), zone_b = model_enclosing(model, b, PLACE_ZONE);
        bool one = zone_a != NO_PLACE && zone_a == zone_b;
        return one ? network->same_zone.ns : network->zone_to_zone.ns;
    }
    if (from->level == PLACE_REGION && to->level == PLACE_REGION) {
        /* The same region in two accounts is the same buildings; which zones are the same nobody says. */
        if (strcmp(from->name, to->name) == 0)
            return network->zone_to_zone.ns;
        if (trip_known(model, from->name, to->name, &trip))
            return trip;
    }
    return long_trip(network, from, to) + last_miles(network, from, to);
}

/* Whole microseconds for the round trip, so that both ways are exactly half of it. */
SimTime model_one_way(const Model *model, PlaceId a, PlaceId b) {
    int64_t microseconds = (round_trip(model, a, b) + 500) / 1000;
    return SIMTIME_NS(microseconds * 500);
}

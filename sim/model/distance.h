/* distance.h - how far apart places are, in metres and in time, with the same bits on every machine.
 *
 * Great circle on a sphere of 6,371,008.8 m (IUGG mean radius), through unit vectors, the chord and an arc sine of our
 * own: only
 * + - * / and sqrt, which IEEE 754 rounds correctly. No libm. Time follows DESIGN's C.10 table, see model_one_way. */
#ifndef FAULTLINE_MODEL_DISTANCE_H
#define FAULTLINE_MODEL_DISTANCE_H

/* Degrees north and east. Symmetric to the bit; error below a metre. About 100 ns. */
double distance_metres(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

#endif

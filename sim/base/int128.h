/* int128.h - whole numbers wide enough for any product of two 64-bit ones. */
#ifndef FAULTLINE_BASE_INT128_H
#define FAULTLINE_BASE_INT128_H

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

#endif

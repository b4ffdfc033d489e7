/* version.h - the version that manifests carry: it changes whenever a number in a report may change. */
#ifndef FAULTLINE_BASE_VERSION_H
#define FAULTLINE_BASE_VERSION_H

#define FAULTLINE_VERSION "0.1.0"

#endif

/* catalogue.h - the plug-ins that are built in, from the .def lists. */
#ifndef FAULTLINE_CATALOGUE_CATALOGUE_H
#define FAULTLINE_CATALOGUE_CATALOGUE_H

#include "contract/catalogue.h"

extern const Catalogue builtin_catalogue;

#endif

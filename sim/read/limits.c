/* limits.c - the table of reader limits that `faultline --limits` prints. */
#include "read/limits.h"

#include <stddef.h>

const ReadLimit read_limits[] = {
    {"file", READ_FILE_MOST, "bytes", "one YAML file or standard input"},
    {"depth", READ_DEPTH_MOST, "levels", "maps and lists inside each other"},
    {"events", READ_EVENTS_MOST, "events", "starts, ends, keys and values in one file"},
    {"scalar", READ_SCALAR_MOST, "bytes", "one value"},
    {"key", READ_KEY_MOST, "bytes", "one key of a map"},
    {"name", READ_NAME_MOST, "bytes", "one name of a component, place, group or parameter"},
    {"errors", READ_ERRORS_MOST, "errors", "found in one file before reading stops"},
    {"expanded", READ_EXPANDED_MOST, "bytes", "text made by parameters in one pattern"},
    {"json file", JSON_FILE_MOST, "bytes", "one record or report that is read back"},
    {"json depth", JSON_DEPTH_MOST, "levels", "objects and arrays inside each other"},
    {NULL, 0, NULL, NULL},
};

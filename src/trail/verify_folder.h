/* trail/verify_folder.h: a folder with a copy of a bucket, or of the part of it from AWSLogs/ or its prefix on. */
#ifndef SPOOR_TRAIL_VERIFY_FOLDER_H
#define SPOOR_TRAIL_VERIFY_FOLDER_H

#include "trail/verify_source.h"

/* Keys are paths below `path`; where `path` itself is AWSLogs or lies in it, they begin with AWSLogs all the same.
 * Errors: ERR_IO. */
struct verify_source *verify_folder_open(const char *path, struct error *err);

#endif

/* store/objects_folder.h: the 256 folders that object files lie in. For store/object*.c only. */
#ifndef SPOOR_STORE_OBJECTS_FOLDER_H
#define SPOOR_STORE_OBJECTS_FOLDER_H

#include "store/objects.h"

enum { OBJECTS_FOLDER_COUNT = 256 };

struct objects {
	struct disk *disk;
	int          dir_fd;                                    /* of DIR; the caller's */
	atomic_bool  is_durable[OBJECTS_FOLDER_COUNT];          /* its own name and that of DIR/objects are */
};

/* A descriptor of the folder that `name` belongs in. -1: an error, or *is_missing: it is not there. */
int objects_folder_open(struct objects *objects, struct slice name, bool *is_missing, struct error *err);

/* The same, made where it is missing; its name is durable. */
int objects_folder_ensure(struct objects *objects, struct slice name, struct error *err);

#endif

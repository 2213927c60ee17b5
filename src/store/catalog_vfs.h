/* store/catalog_vfs.h: SQLite's file operations through a struct disk, so that tests can come between (base/file.h). */
#ifndef SPOOR_STORE_CATALOG_VFS_H
#define SPOOR_STORE_CATALOG_VFS_H

#include "base/base.h"

struct disk;

/* The name of a VFS that asks `disk` before each operation; registered at its first use, for good. */
const char *catalog_vfs_register(struct disk *disk);

/* Before the disk goes away. No connection may use it any more. */
void catalog_vfs_unregister(struct disk *disk);

#endif

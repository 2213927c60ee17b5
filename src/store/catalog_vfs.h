/* store/catalog_vfs.h: SQLite's file operations through a struct disk, so that tests can come between (base/file.h). */
#ifndef SPOOR_STORE_CATALOG_VFS_H
#define SPOOR_STORE_CATALOG_VFS_H

#include "base/base.h"

struct disk;

/* SQLite's file operations for files that belong to one process. Its locks between connections are mutexes, and the
 * index of the write-ahead log is plain memory and not a mapped file: on a full disk a page of a mapped file cannot be
 * had, and touching it is SIGBUS. The first connection to a file must be able to write. */
#define CATALOG_VFS_OF_ONE_PROCESS "unix-excl"

/* The name of a VFS that asks `disk` before each operation; registered at its first use, for good. */
const char *catalog_vfs_register(struct disk *disk);

/* Before the disk goes away. No connection may use it any more. */
void catalog_vfs_unregister(struct disk *disk);

#endif

/* shop.h: the database that is asked. */
#ifndef EDGEBENCH_SHOP_H
#define EDGEBENCH_SHOP_H

#include <sqlite3-binding.h>

/* shop_fill makes the tables of an empty database and fills them as the manifest
 * says. It returns an error code of SQLite's. */
int shop_fill(sqlite3 *db);

#endif

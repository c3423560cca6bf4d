#include "shop.h"

#include <stddef.h>

#include "random.h"

#define SEED 20260101
#define PRODUCTS 120
#define CUSTOMERS 400
#define PURCHASES 1000

static const char schema[] =
	"CREATE TABLE product(id INTEGER PRIMARY KEY, name TEXT, category TEXT, price REAL, stock INTEGER);"
	"CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, city TEXT, since TEXT);"
	"CREATE TABLE purchase(id INTEGER PRIMARY KEY, customer INTEGER, day TEXT, status TEXT, note TEXT);"
	"CREATE TABLE line(purchase INTEGER, product INTEGER, quantity INTEGER, price REAL,"
	" PRIMARY KEY(purchase, product)) WITHOUT ROWID;"
	"CREATE INDEX purchase_customer ON purchase(customer);"
	"CREATE INDEX purchase_day ON purchase(day);"
	"CREATE INDEX line_product ON line(product);";

static const char *const adjectives[] = {"blue", "small", "folding", "wooden", "silent", "heavy",
					 "striped", "copper", "winter", "second-hand", "spare", "long"};
static const char *const nouns[] = {"kettle", "ladle", "teapot", "chair", "shelf", "lamp",
				    "hammer", "saw", "ladder", "scarf", "coat", "umbrella"};
static const char *const categories[] = {"kitchen", "furniture", "tools", "clothing"};
static const char *const first_names[] = {"Ada", "Bruno", "Chloé", "Dmitri", "Elif", "Femi", "Grete", "Hiro",
					  "Inés", "Jakub", "Kofi", "Lærke", "Mei", "Noor", "Oskar", "Priya"};
static const char *const last_names[] = {"Abe", "Bauer", "Costa", "Dubois", "Eriksson", "Fofana", "García", "Hansen",
					 "Ito", "Jansen", "Kaya", "López", "Müller", "Novák", "O'Neill", "Petrov"};
static const char *const cities[] = {"Zürich", "København", "Lisboa", "Gdańsk", "İzmir",
				     "Kyoto", "Accra", "Québec", "Leeds", "Wien"};
static const char *const statuses[] = {"delivered", "delivered", "delivered", "delivered", "delivered",
				       "delivered", "delivered", "open", "returned", "cancelled"};
static const char *const notes[] = {"gift", "leave with the neighbour", "ring twice", "fragile",
				    "before 9:00\nor after 17:00", "back entrance\t(green door)"};

static struct random numbers;
static int64_t cents[PRODUCTS];

/* below returns a number from 0 to n - 1. */
static int64_t below(int64_t n)
{
	return (int64_t)(random_next(&numbers) % (uint64_t)n);
}

#define ONE_OF(list) (list)[below((int64_t)(sizeof(list) / sizeof(list)[0]))]

static void text(sqlite3_stmt *insert, int at, const char *value)
{
	sqlite3_bind_text(insert, at, value, -1, SQLITE_STATIC);
}

/* two_words binds both with a space between them, in that order. */
static void two_words(sqlite3_stmt *insert, int at, const char *one, const char *two)
{
	sqlite3_bind_text(insert, at, sqlite3_mprintf("%s %s", one, two), -1, sqlite3_free);
}

static void product(sqlite3_stmt *insert, int64_t id)
{
	const char *adjective = ONE_OF(adjectives);
	int64_t noun = below(12);
	cents[id - 1] = 100 + below(9900);
	two_words(insert, 2, adjective, nouns[noun]);
	text(insert, 3, categories[noun / 3]);
	sqlite3_bind_double(insert, 4, (double)cents[id - 1] / 100);
	sqlite3_bind_int64(insert, 5, below(500));
}

static void customer(sqlite3_stmt *insert, int64_t id)
{
	(void)id;
	const char *first = ONE_OF(first_names);
	two_words(insert, 2, first, ONE_OF(last_names));
	text(insert, 3, ONE_OF(cities));
	sqlite3_bind_int64(insert, 4, below(1800));
}

static void purchase(sqlite3_stmt *insert, int64_t id)
{
	(void)id;
	sqlite3_bind_int64(insert, 2, 1 + below(CUSTOMERS));
	sqlite3_bind_int64(insert, 3, below(366));
	text(insert, 4, ONE_OF(statuses));
	if (below(8) == 0)
		text(insert, 5, ONE_OF(notes));
	else
		sqlite3_bind_null(insert, 5);
}

/* fill inserts rows 1 to count; bind sets their values but the first, the id. */
static int fill(sqlite3 *db, const char *sql, int64_t count, void (*bind)(sqlite3_stmt *, int64_t))
{
	sqlite3_stmt *insert;
	int code = sqlite3_prepare_v2(db, sql, -1, &insert, NULL);
	for (int64_t id = 1; code == SQLITE_OK && id <= count; id++) {
		sqlite3_bind_int64(insert, 1, id);
		bind(insert, id);
		sqlite3_step(insert);
		code = sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	return code;
}

/* fill_lines gives each purchase one to three products. */
static int fill_lines(sqlite3 *db)
{
	sqlite3_stmt *insert;
	int code = sqlite3_prepare_v2(db, "INSERT INTO line VALUES(?, ?, ?, ?)", -1, &insert, NULL);
	for (int64_t id = 1; code == SQLITE_OK && id <= PURCHASES; id++) {
		int64_t count = 1 + below(3), first = below(PRODUCTS);
		for (int64_t i = 0; code == SQLITE_OK && i < count; i++) {
			int64_t item = (first + 37 * i) % PRODUCTS;
			sqlite3_bind_int64(insert, 1, id);
			sqlite3_bind_int64(insert, 2, item + 1);
			sqlite3_bind_int64(insert, 3, 1 + below(5));
			int64_t price = below(4) == 0 ? cents[item] * 9 / 10 : cents[item];
			sqlite3_bind_double(insert, 4, (double)price / 100);
			sqlite3_step(insert);
			code = sqlite3_reset(insert);
		}
	}
	sqlite3_finalize(insert);
	return code;
}

int shop_fill(sqlite3 *db)
{
	numbers.state = SEED;
	int code = sqlite3_exec(db, schema, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = fill(db, "INSERT INTO product VALUES(?, ?, ?, ?, ?)", PRODUCTS, product);
	if (code == SQLITE_OK)
		code = fill(db, "INSERT INTO customer VALUES(?, ?, ?, date('2019-01-01', ? || ' days'))", CUSTOMERS, customer);
	if (code == SQLITE_OK)
		code = fill(db, "INSERT INTO purchase VALUES(?, ?, date('2024-01-01', ? || ' days'), ?, ?)", PURCHASES, purchase);
	if (code == SQLITE_OK)
		code = fill_lines(db);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return code;
}

/* pages.hpp: the templates. */
#ifndef EDGEBENCH_PAGES_HPP
#define EDGEBENCH_PAGES_HPP

#include <string_view>

#include "mustache.hpp"

/* find_page returns the template of that name, taken apart when it is first asked
 * for; NULL if there is none. */
const Template *find_page(std::string_view name);

#endif

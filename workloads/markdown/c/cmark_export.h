/* cmark_export.h: cmark is linked statically, so nothing is exported. */
#ifndef CMARK_EXPORT_H
#define CMARK_EXPORT_H

#define CMARK_EXPORT

#endif

/* Included by cases of language_c.test. */
#ifndef SHAPES_H
#define SHAPES_H
#define SHAPE_LIMIT 12
#define SHAPE_NAME "shape"
typedef unsigned short shape_id;
struct shape {
  shape_id id;
  unsigned char kind;
  unsigned char sides;
  int size;
};
enum shape_kind { SHAPE_NONE, SHAPE_ROUND = 3, SHAPE_SQUARE };
#endif

/* services/validate.c: one walk; nothing is allocated, and text is made only once something is wrong. */
#include "services/validate.h"

#include "base/limits.h"
#include "codec/utf8.h"

enum { SHOWN_BYTES_MAX = 512, SHOWN_ITEMS_MAX = 20 };

/* The path from the input down to a value: on the stack of the walk. */
struct step {
	const struct step *parent;
	struct slice       name;          /* of a member; or of a map's key */
	size_t             index;         /* of a list item, from 1; 0: a member */
};

/* A text of bounded size; what does not fit is left out. */
struct message {
	char   text[ERROR_MESSAGE_BYTES_MAX + 1];
	size_t len;
};

struct check {
	struct message message;
	size_t         count;
	const char    *own_error;         /* of the first violation */
};

/* ---- text ---- */

static void add(struct message *message, struct slice text)
{
	size_t left = sizeof message->text - message->len;
	size_t bytes = text.len < left ? text.len : left;

	memcpy(message->text + message->len, text.ptr ? text.ptr : "", bytes);
	message->len += bytes;
}

static void add_number(struct message *message, int64_t number)
{
	char text[24];
	int bytes = snprintf(text, sizeof text, "%" PRId64, number);

	add(message, (struct slice){ text, (size_t)bytes });
}

static void add_path(struct message *message, const struct step *step)
{
	if (step->parent) {
		add_path(message, step->parent);
		add(message, S("."));
	}
	if (step->index) {
		add_number(message, (int64_t)step->index);
		add(message, S(".member"));
	} else {
		add(message, step->name);
	}
}

static void add_value(struct message *message, const struct shape *shape, const void *value);

static void add_items(struct message *message, const struct shape *shape, const void *value)
{
	struct any_list list;
	const struct shape *item = shape->members[shape->kind == SHAPE_MAP].shape;
	uint32_t offset = shape->members[shape->kind == SHAPE_MAP].offset;

	memcpy(&list, value, sizeof list);
	add(message, shape->kind == SHAPE_MAP ? S("{") : S("["));
	for (size_t i = 0; i < list.count && i < SHOWN_ITEMS_MAX; i++) {
		const char *at = (const char *)list.items + i * shape->bytes;
		if (i > 0)
			add(message, S(", "));
		if (shape->kind == SHAPE_MAP) {
			add_value(message, shape->members[0].shape, at);
			add(message, S("="));
		}
		add_value(message, item, at + offset);
	}
	if (list.count > SHOWN_ITEMS_MAX)
		add(message, S(", ..."));
	add(message, shape->kind == SHAPE_MAP ? S("}") : S("]"));
}

static void add_structure(struct message *message, const struct shape *shape, const void *value)
{
	bool is_first = true;

	add(message, shape->name);
	add(message, S("("));
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *inner = shape_value(member, value);
		if (!inner || member->redaction != REDACT_NONE)
			continue;
		add(message, is_first ? S("") : S(", "));
		add(message, member->record_name);
		add(message, S("="));
		add_value(message, member->shape, inner);
		is_first = false;
	}
	add(message, S(")"));
}

/* A NUL would end the message. */
static void add_text(struct message *message, struct slice text)
{
	size_t shown = utf8_prefix(text, SHOWN_BYTES_MAX), start = message->len;

	add(message, slice_sub(text, 0, shown));
	for (size_t i = start; i < message->len; i++)
		if (message->text[i] == '\0')
			message->text[i] = '?';
	if (shown < text.len)
		add(message, S("..."));
}

static void add_value(struct message *message, const struct shape *shape, const void *value)
{
	if (shape->flags & SHAPE_SENSITIVE)
		return;
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		add_structure(message, shape, value);
		break;
	case SHAPE_LIST:
	case SHAPE_MAP:
		add_items(message, shape, value);
		break;
	case SHAPE_STRING:
		add_text(message, *(const struct slice *)value);
		break;
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		add_number(message, ((const struct maybe_i64 *)value)->value);
		break;
	case SHAPE_BOOLEAN:
		add(message, ((const struct maybe_bool *)value)->value ? S("true") : S("false"));
		break;
	default:                                     /* blobs, times and fractions have no constraints that print them */
		break;
	}
}

static void add_enum(struct message *message, const struct shape *shape)
{
	add(message, S("Member must satisfy enum value set: ["));
	for (size_t i = 0; i < shape->enum_count; i++) {
		add(message, i > 0 ? S(", ") : S(""));
		add(message, shape->enum_values[i]);
	}
	add(message, S("]"));
}

static void add_bound(struct message *message, const struct shape *shape, bool is_max)
{
	bool is_number = shape->kind == SHAPE_INTEGER || shape->kind == SHAPE_LONG || shape->kind == SHAPE_FLOAT
	                 || shape->kind == SHAPE_DOUBLE;

	add(message, is_number ? S("Member must have value ") : S("Member must have length "));
	add(message, is_max ? S("less than or equal to ") : S("greater than or equal to "));
	add_number(message, is_max ? shape->max : shape->min);
}

/* All that an item must satisfy: AWS names every constraint when one item of a list of scalars fails. */
static void add_all_constraints(struct message *message, const struct shape *shape)
{
	const char *between = "";

	if (shape->flags & SHAPE_HAS_MAX) {
		add_bound(message, shape, true);
		between = ", ";
	}
	if (shape->flags & SHAPE_HAS_MIN) {
		add(message, slice_of(between));
		add_bound(message, shape, false);
		between = ", ";
	}
	if (shape->pattern) {
		add(message, slice_of(between));
		add(message, S("Member must satisfy regular expression pattern: "));
		add(message, shape->pattern->source);
		between = ", ";
	}
	if (shape->enum_count > 0) {
		add(message, slice_of(between));
		add_enum(message, shape);
	}
}

/* ---- what is wrong ---- */

enum violation { VIOLATES_NOTHING, VIOLATES_PATTERN = 1, VIOLATES_ENUM = 2, VIOLATES_MAX = 4, VIOLATES_MIN = 8 };

static unsigned violations_of_text(const struct shape *shape, struct slice text)
{
	unsigned found = 0;
	bool is_bounded = shape->flags & (SHAPE_HAS_MIN | SHAPE_HAS_MAX);

	if (is_bounded) {
		/* Between bytes / 4 and bytes characters: most texts need no counting. */
		int64_t length = (int64_t)text.len;
		if ((shape->flags & SHAPE_HAS_MAX && length > shape->max) || (shape->flags & SHAPE_HAS_MIN && length / 4 < shape->min))
			length = (int64_t)utf8_length(text);
		found |= shape->flags & SHAPE_HAS_MAX && length > shape->max ? VIOLATES_MAX : 0u;
		found |= shape->flags & SHAPE_HAS_MIN && length < shape->min ? VIOLATES_MIN : 0u;
	}
	if (shape->pattern && !shape_pattern_matches(shape->pattern, text))
		found |= VIOLATES_PATTERN;
	if (shape->enum_count > 0) {
		size_t i = 0;
		while (i < shape->enum_count && !slice_equal(shape->enum_values[i], text))
			i++;
		found |= i == shape->enum_count ? VIOLATES_ENUM : 0u;
	}
	return found;
}

static unsigned violations_of_amount(const struct shape *shape, double amount)
{
	return (shape->flags & SHAPE_HAS_MAX && amount > (double)shape->max ? VIOLATES_MAX : 0u)
	       | (shape->flags & SHAPE_HAS_MIN && amount < (double)shape->min ? VIOLATES_MIN : 0u);
}

static unsigned violations_of(const struct shape *shape, const void *value)
{
	struct any_list list;

	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRING:
		return violations_of_text(shape, *(const struct slice *)value);
	case SHAPE_BLOB:
		return violations_of_amount(shape, (double)((const struct slice *)value)->len);
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		return violations_of_amount(shape, (double)((const struct maybe_i64 *)value)->value);
	case SHAPE_FLOAT:
	case SHAPE_DOUBLE:
		return violations_of_amount(shape, ((const struct maybe_double *)value)->value);
	case SHAPE_LIST:
	case SHAPE_MAP:
		memcpy(&list, value, sizeof list);
		return violations_of_amount(shape, (double)list.count);
	default:
		return VIOLATES_NOTHING;
	}
}

/* ---- the walk ---- */

static void begin_violation(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                            const char *own_error)
{
	if (check->count++ == 0)
		check->own_error = own_error;
	else
		add(&check->message, S("; "));
	if (!value) {
		add(&check->message, S("Value null at '"));
	} else if (shape->flags & SHAPE_SENSITIVE) {
		add(&check->message, S("Value at '"));
	} else {
		add(&check->message, S("Value '"));
		add_value(&check->message, shape, value);
		add(&check->message, S("' at '"));
	}
	add_path(&check->message, step);
	add(&check->message, S("' failed to satisfy constraint: "));
}

static void report(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                   unsigned found, const char *own_error)
{
	static const unsigned order[] = { VIOLATES_PATTERN, VIOLATES_ENUM, VIOLATES_MAX, VIOLATES_MIN };

	for (size_t i = 0; i < COUNT(order); i++) {
		if (!(found & order[i]))
			continue;
		begin_violation(check, step, shape, value, own_error);
		if (order[i] == VIOLATES_PATTERN) {
			add(&check->message, S("Member must satisfy regular expression pattern: "));
			add(&check->message, shape->pattern->source);
		} else if (order[i] == VIOLATES_ENUM) {
			add_enum(&check->message, shape);
		} else {
			add_bound(&check->message, shape, order[i] == VIOLATES_MAX);
		}
	}
}

static void walk(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                 const char *own_error);

static void walk_structure(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                           const char *own_error)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		bool is_required = member->flags & MEMBER_REQUIRED;
		if (!is_required && !(member->shape->flags & SHAPE_CONSTRAINED))
			continue;
		struct step inner = { step, member->record_name, 0 };
		const void *field = shape_value(member, value);
		const char *error = own_error ? own_error : member->constraint_error;
		if (field) {
			walk(check, &inner, member->shape, field, error);
		} else if (is_required) {
			begin_violation(check, &inner, member->shape, NULL, error);
			add(&check->message, S("Member must not be null"));
		}
	}
}

/* Scalars of a list or map: one line for the whole list. `part` is the item, or a map's key or value. */
static void walk_scalars(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                         const struct shape_member *part, struct slice intro, const char *own_error)
{
	struct any_list list;

	memcpy(&list, value, sizeof list);
	for (size_t i = 0; i < list.count; i++) {
		const char *item = (const char *)list.items + i * shape->bytes + part->offset;
		if (violations_of(part->shape, item) == VIOLATES_NOTHING)
			continue;
		begin_violation(check, step, shape, value, own_error);
		add(&check->message, intro);
		add(&check->message, S(" must satisfy constraint: ["));
		add_all_constraints(&check->message, part->shape);
		add(&check->message, S("]"));
		return;
	}
}

static bool is_scalar(const struct shape *shape)
{
	return shape->kind != SHAPE_STRUCTURE && shape->kind != SHAPE_LIST && shape->kind != SHAPE_MAP;
}

static void walk_list(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                      const char *own_error)
{
	const struct shape_member *part = &shape->members[shape->kind == SHAPE_MAP];
	struct any_list list;

	if (shape->kind == SHAPE_MAP)
		walk_scalars(check, step, shape, value, &shape->members[0], S("Map keys"), own_error);
	if (is_scalar(part->shape)) {
		walk_scalars(check, step, shape, value, part, shape->kind == SHAPE_MAP ? S("Map value") : S("Member"), own_error);
		return;
	}
	memcpy(&list, value, sizeof list);
	for (size_t i = 0; part->shape->flags & SHAPE_CONSTRAINED && i < list.count; i++) {
		const char *item = (const char *)list.items + i * shape->bytes;
		struct step inner = { step, SLICE_NONE, i + 1 };
		if (shape->kind == SHAPE_MAP)
			inner = (struct step){ step, *(const struct slice *)item, 0 };
		walk(check, &inner, part->shape, item + part->offset, own_error);
	}
}

static void walk(struct check *check, const struct step *step, const struct shape *shape, const void *value,
                 const char *own_error)
{
	unsigned found = violations_of(shape, value);

	if (found)
		report(check, step, shape, value, found, own_error);
	if (shape->kind == SHAPE_STRUCTURE)
		walk_structure(check, step, shape, value, own_error);
	else if (shape->kind == SHAPE_LIST || shape->kind == SHAPE_MAP)
		walk_list(check, step, shape, value, own_error);
}

bool validate(const struct shape *input, const void *value, enum protocol protocol, struct error *err)
{
	struct check check;
	bool is_query = protocol == PROTOCOL_QUERY || protocol == PROTOCOL_EC2_QUERY;

	if (!input || !(input->flags & SHAPE_CONSTRAINED))
		return true;
	check.count = 0;
	check.message.len = 0;
	check.own_error = NULL;
	walk_structure(&check, NULL, input, value, NULL);
	if (check.count == 0)
		return true;
	return fail_as(err, ERR_INVALID, check.own_error ? check.own_error : is_query ? "ValidationError" : "ValidationException",
		"%zu validation error%s detected: %.*s", check.count, check.count == 1 ? "" : "s", (int)check.message.len,
		check.message.text);
}

bool validate_value(const struct shape *shape, const void *value, const char **own_error)
{
	const struct step root = { NULL, S_INIT("value"), 0 };
	struct check check;

	*own_error = NULL;
	if (!(shape->flags & SHAPE_CONSTRAINED))
		return true;
	check.count = 0;
	check.message.len = 0;
	check.own_error = NULL;
	walk(&check, &root, shape, value, NULL);
	*own_error = check.own_error;
	return check.count == 0;
}

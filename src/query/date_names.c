/* query/date_names.c: names. */
#include "query/date_names.h"

const struct slice date_months[12] = {
	S_INIT("January"), S_INIT("February"), S_INIT("March"), S_INIT("April"), S_INIT("May"), S_INIT("June"), S_INIT("July"),
	S_INIT("August"), S_INIT("September"), S_INIT("October"), S_INIT("November"), S_INIT("December"),
};
const struct slice date_weekdays[7] = {
	S_INIT("Sunday"), S_INIT("Monday"), S_INIT("Tuesday"), S_INIT("Wednesday"), S_INIT("Thursday"), S_INIT("Friday"),
	S_INIT("Saturday"),
};
const struct slice date_halves[2] = { S_INIT("AM"), S_INIT("PM") };

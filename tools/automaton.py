"""tools/automaton.py: a model's pattern -> a minimal deterministic automaton over classes of characters, for tools/shapes.

The patterns are Java's and are matched whole. They are turned into automata by Brzozowski's derivatives, because those know
intersection and complement, which is what a lookahead is. What is not understood is an error, never a guess.
"""

LAST = 0x10FFFF


class Unsupported(Exception):
    pass


# ---- sets of code points: sorted tuples of (first, last) ----

def union(*sets):
    merged = []
    for first, last in sorted(pair for one in sets for pair in one):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return tuple((first, last) for first, last in merged)


def complement(one):
    out, at = [], 0
    for first, last in one:
        if first > at:
            out.append((at, first - 1))
        at = last + 1
    if at <= LAST:
        out.append((at, LAST))
    return tuple(out)


def chars(text):
    return union(*(((ord(c), ord(c)),) for c in text))


DIGIT = ((0x30, 0x39),)
WORD = union(DIGIT, ((0x41, 0x5A), (0x61, 0x7A)), chars("_"))
SPACE = chars(" \t\n\x0b\f\r")
LINE_ENDS = chars("\n\r\x85\u2028\u2029")
ANY = ((0, LAST),)

# ---- expressions: hash-consed tuples ----

NOTHING = ("set", ())
EMPTY = ("empty",)


def make_set(ranges):
    return ("set", ranges)


def cat(a, b):
    if a == NOTHING or b == NOTHING:
        return NOTHING
    if a == EMPTY:
        return b
    if b == EMPTY:
        return a
    if a[0] == "cat":
        return ("cat", a[1], cat(a[2], b))
    return ("cat", a, b)


def either(*parts):
    flat = set()
    for part in parts:
        flat |= part[1] if part[0] == "or" else {part}
    flat.discard(NOTHING)
    if ALL in flat:
        return ALL
    if not flat:
        return NOTHING
    return flat.pop() if len(flat) == 1 else ("or", frozenset(flat))


def both(*parts):
    flat = set()
    for part in parts:
        flat |= part[1] if part[0] == "and" else {part}
    flat.discard(ALL)
    if NOTHING in flat:
        return NOTHING
    if EMPTY in flat:
        return EMPTY if all(nullable(part) for part in flat) else NOTHING
    if not flat:
        return ALL
    return flat.pop() if len(flat) == 1 else ("and", frozenset(flat))


def negate(a):
    if a[0] == "not":
        return a[1]
    if a == ALL:
        return NOTHING
    return ALL if a == NOTHING else ("not", a)


def repeat(a, low, high):
    """`high` None: no upper bound."""
    if high == 0 or a == EMPTY:
        return EMPTY
    if (low, high) == (1, 1):
        return a
    if high is None and low > 0:
        return cat(a, repeat(a, low - 1, None))
    if high is None and a[0] == "repeat" and a[2:] == (0, None):
        return a
    return ("repeat", a, low, high)


ALL = ("repeat", make_set(ANY), 0, None)


def nullable(a):
    kind = a[0]
    if kind == "set":
        return False
    if kind == "empty":
        return True
    if kind == "cat":
        return nullable(a[1]) and nullable(a[2])
    if kind == "or":
        return any(nullable(part) for part in a[1])
    if kind == "and":
        return all(nullable(part) for part in a[1])
    if kind == "not":
        return not nullable(a[1])
    return a[2] == 0 or nullable(a[1])


def derive(a, c):
    kind = a[0]
    if kind == "set":
        return EMPTY if any(first <= c <= last for first, last in a[1]) else NOTHING
    if kind == "empty":
        return NOTHING
    if kind == "cat":
        first = cat(derive(a[1], c), a[2])
        return either(first, derive(a[2], c)) if nullable(a[1]) else first
    if kind == "or":
        return either(*(derive(part, c) for part in a[1]))
    if kind == "and":
        return both(*(derive(part, c) for part in a[1]))
    if kind == "not":
        return negate(derive(a[1], c))
    _, body, low, high = a
    return cat(derive(body, c), repeat(body, max(low - 1, 0), None if high is None else high - 1))


# ---- reading a pattern ----

class Reader:
    def __init__(self, source, unicode_classes):
        self.source, self.at, self.classes = source, 0, unicode_classes
        self.dot = complement(LINE_ENDS)

    def peek(self, text):
        return self.source.startswith(text, self.at)

    def take(self, text):
        found = self.peek(text)
        self.at += len(text) if found else 0
        return found

    def fail(self, why):
        raise Unsupported(f"{why} at {self.at} of {self.source!r}")

    def alternatives(self):
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else ("branches", branches)

    def sequence(self):
        items = []
        while self.at < len(self.source) and not self.peek("|") and not self.peek(")"):
            if self.take("^"):
                continue                       # the whole text is matched anyway
            if self.take("$"):
                items.append(("end",))
                continue
            items.append(self.repeated(self.atom()))
        return ("sequence", items)

    def atom(self):
        if self.take("(?s)"):
            self.dot = ANY
            return ("sequence", [])
        for opening, kind in (("(?!", "refuse"), ("(?=", "demand"), ("(?:", None), ("(", None)):
            if self.take(opening):
                if kind is None and opening == "(" and self.peek("?"):
                    self.fail("an unknown group")
                inner = self.alternatives()
                if not self.take(")"):
                    self.fail("no )")
                return (kind, inner) if kind else inner
        if self.take("["):
            return make_set(self.bracket())
        if self.take("."):
            return make_set(self.dot)
        if self.take("\\"):
            return make_set(self.escape())
        c = self.source[self.at]
        if c in "*+?{":
            self.fail("nothing to repeat")
        self.at += 1
        return make_set(chars(c))

    def repeated(self, item):
        while True:
            if self.take("*"):
                low, high = 0, None
            elif self.take("+"):
                low, high = 1, None
            elif self.take("?"):
                low, high = 0, 1
            elif self.take("{"):
                end = self.source.index("}", self.at)
                bounds = self.source[self.at:end].split(",")
                self.at = end + 1
                low = int(bounds[0])
                high = low if len(bounds) == 1 else int(bounds[1]) if bounds[1] else None
            else:
                return item
            if self.take("+"):
                self.fail("a possessive repeat")
            self.take("?")                     # laziness does not matter to a whole match
            item = ("times", item, low, high)

    def code_point(self, digits):
        value = int(self.source[self.at:self.at + digits], 16)
        self.at += digits
        return value

    def unicode_escape(self):
        """After `\\u`. A pair of surrogates is one character, and \\u10000 and \\u10FFFF are read as they are meant."""
        for meant in ("10000", "10FFFF"):
            if self.take(meant):
                return int(meant, 16)
        value = self.code_point(4)
        if 0xD800 <= value <= 0xDBFF and self.take("\\u"):
            low = self.code_point(4)
            return 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
        return value

    def escape(self):
        c = self.source[self.at]
        self.at += 1
        known = {"d": DIGIT, "D": complement(DIGIT), "w": WORD, "W": complement(WORD), "s": SPACE, "S": complement(SPACE),
                 "t": chars("\t"), "n": chars("\n"), "r": chars("\r"), "f": chars("\f")}
        if c in known:
            return known[c]
        if c == "u":
            value = self.unicode_escape()
            return ((value, value),)
        if c == "x":
            value = self.code_point(2)
            return ((value, value),)
        if c in "pP":
            end = self.source.index("}", self.at)
            name = self.source[self.at + 1:end]
            self.at = end + 1
            if name not in self.classes:
                self.fail(f"unknown class {name}")
            return self.classes[name] if c == "p" else complement(self.classes[name])
        if c.isalnum():
            self.fail(f"unknown escape {c}")
        return chars(c)

    def bracket_item(self):
        if self.take("\\"):
            return self.escape()
        self.at += 1
        return chars(self.source[self.at - 1])

    def bracket(self):
        inverted, parts = self.take("^"), []
        while not parts or not self.peek("]"):
            if self.at >= len(self.source):
                self.fail("no ]")
            if self.peek("[") or self.peek("&&"):
                self.fail("a nested class")
            item = self.bracket_item()
            if len(item) == 1 and item[0][0] == item[0][1] and self.peek("-") and not self.peek("-]"):
                self.at += 1
                last = self.bracket_item()
                if len(last) != 1 or last[0][0] != last[0][1] or last[0][0] < item[0][0]:
                    self.fail("a broken range")
                item = ((item[0][0], last[0][0]),)
            parts.append(item)
        self.at += 1
        whole = union(*parts)
        return complement(whole) if inverted else whole


def has_lookahead(node):
    return node[0] in ("refuse", "demand", "end") or any(
        has_lookahead(part) for part in node[1:] if isinstance(part, tuple)) or any(
        has_lookahead(part) for parts in node[1:] if isinstance(parts, list) for part in parts)


def build(node, rest):
    """The expression of `node` followed by `rest`: a lookahead speaks about what follows, also outside its group."""
    kind = node[0]
    if kind == "set":
        return cat(node, rest)
    if kind == "end":
        return both(rest, EMPTY)
    if kind == "sequence":
        for item in reversed(node[1]):
            rest = build(item, rest)
        return rest
    if kind == "branches":
        return either(*(build(branch, rest) for branch in node[1]))
    if kind in ("refuse", "demand"):
        ahead = build(node[1], ALL)
        return both(rest, negate(ahead) if kind == "refuse" else ahead)
    _, body, low, high = node
    if not has_lookahead(body):
        return cat(repeat(build(body, EMPTY), low, high), rest)
    if high is None:
        raise Unsupported("a lookahead repeated without bound")
    after = rest
    for done in range(high - 1, -1, -1):
        after = either(build(body, after), *([rest] if done >= low else []))
    return after


# ---- the automaton ----

def classify(expression):
    """Code points that no set of `expression` tells apart: (ranges as [first, class], a sample of each class)."""
    sets, todo, seen = set(), [expression], set()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if node[0] == "set":
            sets.add(node[1])
        for part in node[1:]:
            if isinstance(part, frozenset):
                todo += list(part)
            elif isinstance(part, tuple) and part and isinstance(part[0], str):
                todo.append(part)
    ordered = sorted(sets)
    borders = sorted({0} | {edge for one in ordered for first, last in one for edge in (first, last + 1) if edge <= LAST})
    classes, ranges, samples = {}, [], []
    for border in borders:
        member = tuple(any(first <= border <= last for first, last in one) for one in ordered)
        if member not in classes:
            classes[member] = len(classes)
            samples.append(border)
        if not ranges or ranges[-1][1] != classes[member]:
            ranges.append((border, classes[member]))
    return ranges, samples


def minimise(table, accepts):
    """Moore's refinement; keeps the order in which blocks are first met."""
    block = [int(accept) for accept in accepts]
    while True:
        signatures = [(block[state],) + tuple(block[target] for target in table[state]) for state in range(len(table))]
        numbers = {}
        refined = [numbers.setdefault(signature, len(numbers)) for signature in signatures]
        if len(numbers) == len(set(block)):
            return refined, len(numbers)
        block = refined


STATES_MAX = 4000


def compile_pattern(source, unicode_classes):
    """-> (ranges [(first, class)], table [state][class], accepts [state]); state 0 is dead, 1 the start."""
    reader = Reader(source, unicode_classes)
    node = reader.alternatives()
    if reader.at != len(source):
        reader.fail("unbalanced )")
    start = build(node, EMPTY)
    ranges, samples = classify(start)
    numbers, table, todo = {NOTHING: 0, start: 1}, [], [NOTHING, start]
    while len(table) < len(todo):
        state = todo[len(table)]
        row = []
        for sample in samples:
            target = derive(state, sample)
            if target not in numbers:
                numbers[target] = len(todo)
                todo.append(target)
                if len(todo) > STATES_MAX:
                    raise Unsupported(f"too many states in {source!r}")
            row.append(numbers[target])
        table.append(row)
    accepts = [nullable(state) for state in todo]
    block, count = minimise(table, accepts)
    if block[0] == block[1]:
        raise Unsupported(f"nothing matches {source!r}")
    order = [block[0], block[1]] + [number for number in range(count) if number not in (block[0], block[1])]
    place = {number: index for index, number in enumerate(order)}
    small, small_accepts = [None] * count, [False] * count
    for state, row in enumerate(table):
        small[place[block[state]]] = [place[block[target]] for target in row]
        small_accepts[place[block[state]]] = accepts[state]
    return ranges, small, small_accepts

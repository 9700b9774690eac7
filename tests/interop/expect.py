"""How the scenarios say that a client parsed something else than it should have."""
_count = 0


def expect(what, found, expected):
    global _count
    _count += 1
    if found != expected:
        raise SystemExit(f"{what}: expected {expected!r}, found {found!r}")


def expect_failure(what, error_type, code_of, expected, call):
    """`call` has to raise `error_type`, of which `code_of` makes what is compared."""
    try:
        found = call()
    except error_type as error:
        expect(what, code_of(error), expected)
        return
    raise SystemExit(f"{what}: expected {error_type.__name__} {expected!r}, found the answer {found!r}")


def only(what, items, fits):
    """The one item that fits."""
    found = [item for item in items if fits(item)]
    expect(f"{what}: how many fit", len(found), 1)
    return found[0]


def summary():
    return f"{_count} expectations met"

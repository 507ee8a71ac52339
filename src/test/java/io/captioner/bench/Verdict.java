package io.captioner.bench;

/** A promise, what was measured of it, and whether it holds. */
record Verdict(String promise, String target, String measured, boolean holds) {
    static Verdict atLeast(String promise, double target, double measured) {
        return new Verdict(promise, ">= " + Table.number(target), Table.number(measured), measured >= target);
    }

    static Verdict atMost(String promise, double target, double measured) {
        return new Verdict(promise, "<= " + Table.number(target), Table.number(measured), measured <= target);
    }

    static Verdict that(String promise, boolean holds, String measured) {
        return new Verdict(promise, "yes", measured, holds);
    }

    String word() {
        return holds ? "pass" : "FAIL";
    }
}

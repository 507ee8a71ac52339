package io.captioner.bench;

/** One of the runs that a user can ask for. */
@FunctionalInterface
interface Scenario {
    /** Measures, and adds tables and verdicts to the report. */
    void run(Options options, Report report) throws Exception;
}

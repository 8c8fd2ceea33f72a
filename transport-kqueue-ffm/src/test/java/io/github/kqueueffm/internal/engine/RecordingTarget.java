// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what it is told, then does what the test set for that. */
final class RecordingTarget implements EventTarget {

    enum Kind {
        READ,
        WRITE,
        REFUSED,
        EVENT
    }

    /**
     * @param data bytes or connections for READ and WRITE, errno for REFUSED, the event's data for EVENT
     * @param errno that of an end of file
     */
    record Told(
            Kind kind,
            Registration registration,
            int filter,
            int flags,
            int fflags,
            long data,
            boolean eof,
            int errno) {}

    private static final int LIMIT = 10_000;

    final List<Told> told = new ArrayList<>();
    Consumer<Registration> onRead = registration -> {};
    Consumer<Registration> onWrite = registration -> {};
    Consumer<Registration> onRefused = registration -> {};
    Consumer<Registration> onEvent = registration -> {};

    @Override
    public void readReady(Registration registration) {
        record(Kind.READ, registration, registration.reader());
        onRead.accept(registration);
    }

    @Override
    public void writeReady(Registration registration) {
        record(Kind.WRITE, registration, registration.writer());
        onWrite.accept(registration);
    }

    private void record(Kind kind, Registration registration, Knote knote) {
        tell(new Told(kind, registration, knote.filter, 0, 0, knote.available(), knote.eof(), knote.errno()));
    }

    @Override
    public void refused(Registration registration, int filter, int errno) {
        tell(new Told(Kind.REFUSED, registration, filter, 0, 0, errno, false, 0));
        onRefused.accept(registration);
    }

    @Override
    public void event(Registration registration, int filter, int flags, int fflags, long data) {
        tell(new Told(Kind.EVENT, registration, filter, flags, fflags, data, false, 0));
        onEvent.accept(registration);
    }

    private void tell(Told one) {
        // No test has as many: an engine that tells without end must fail, not fill the memory.
        if (told.size() == LIMIT) {
            throw new AssertionError("told " + LIMIT + " times");
        }
        told.add(one);
    }

    /** Who was told of {@code kind}, in order. */
    List<Registration> of(Kind kind) {
        return told.stream()
                .filter(one -> one.kind() == kind)
                .map(Told::registration)
                .toList();
    }

    List<Registration> reads() {
        return of(Kind.READ);
    }

    List<Registration> writes() {
        return of(Kind.WRITE);
    }

    Told last() {
        return told.get(told.size() - 1);
    }
}

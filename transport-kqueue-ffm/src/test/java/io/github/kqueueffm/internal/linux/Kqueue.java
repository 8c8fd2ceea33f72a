// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.BindingUnavailableException;
import io.github.kqueueffm.internal.sys.CountingSyscalls;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A kqueue over the real epoll, with a change list to fill, lists of events to compare, and its system calls counted. */
final class Kqueue implements AutoCloseable {

    /** For waits that end by an event: long, so that a slow machine does not fail a test. */
    static final Duration LONG = Duration.ofSeconds(30);

    private static final Binding BINDING = load();
    private static final int ENTRIES = 256;

    final Platform platform = BINDING.platform();
    final KqueueConstants c = platform.kqueue();
    final CountingSyscalls counted;
    final EpollKernel kernel;
    final Sockets sockets = new Sockets(BINDING.syscalls(), platform);

    private final KEventList changes = new KEventList(BINDING.syscalls(), platform.kevent(), ENTRIES);
    private final KEventList events = new KEventList(BINDING.syscalls(), platform.kevent(), ENTRIES);
    private int changeCount;

    /** Most events of one call. */
    int capacity = ENTRIES;

    Kqueue() {
        this(false, UnaryOperator.identity());
    }

    Kqueue(boolean exactData, UnaryOperator<Syscalls> intercept) {
        counted = new CountingSyscalls(intercept.apply(BINDING.syscalls()));
        kernel = new EpollKernel(counted, platform, exactData);
    }

    private static Binding load() {
        try {
            return BindingLoader.load();
        } catch (BindingUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    Kqueue change(long ident, int filter, int flags, int fflags, long data, long udata) {
        changes.set(changeCount++, ident, filter, flags, fflags, data, udata);
        return this;
    }

    Kqueue change(long ident, int filter, int flags, long udata) {
        return change(ident, filter, flags, 0, 0, udata);
    }

    /** EV_ADD of READ. */
    Kqueue addRead(int fd, int flags, long udata) {
        return change(fd, c.EVFILT_READ(), c.EV_ADD() | flags, udata);
    }

    /** EV_ADD of WRITE. */
    Kqueue addWrite(int fd, int flags, long udata) {
        return change(fd, c.EVFILT_WRITE(), c.EV_ADD() | flags, udata);
    }

    /** kevent(2) with the changes gathered and the result as it is. */
    int call(long timeoutNanos) {
        int count = changeCount;
        changeCount = 0;
        return kernel.kevent(changes, count, events, capacity, timeoutNanos);
    }

    /** Sends the changes, does not wait. */
    List<Event> poll() {
        return received(call(0));
    }

    /** Sends the changes and waits until there is an event, which has to end the wait. */
    List<Event> await() {
        long start = System.nanoTime();
        List<Event> events = received(call(LONG.toNanos()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
        return events;
    }

    private List<Event> received(int count) {
        assertThat(count).isNotNegative();
        List<Event> received = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            received.add(new Event(
                    events.ident(i),
                    events.filter(i),
                    events.flags(i),
                    events.fflags(i),
                    events.data(i),
                    events.udata(i)));
        }
        return received;
    }

    Event event(int index) {
        return received(index + 1).get(index);
    }

    /** A READ event as expected; EV_ADD is in all flags, as on NetBSD. */
    Event read(int fd, int flags, long data, long udata) {
        return new Event(fd, c.EVFILT_READ(), c.EV_ADD() | flags, 0, data, udata);
    }

    /** A WRITE event as expected. */
    Event write(int fd, int flags, long udata) {
        return new Event(fd, c.EVFILT_WRITE(), c.EV_ADD() | flags, 0, Kernel.UNKNOWN, udata);
    }

    /** An EV_ERROR entry as expected. */
    Event error(long ident, int filter, int errno, long udata) {
        return new Event(ident, filter, c.EV_ERROR(), 0, errno, udata);
    }

    /** The system calls that the kernel makes in {@code action}, by name. */
    Map<String, Long> calls(Runnable action) {
        Map<String, Long> before = counted.snapshot();
        action.run();
        Map<String, Long> made = new TreeMap<>(counted.snapshot());
        before.forEach((name, count) -> made.merge(name, -count, Long::sum));
        made.values().removeIf(count -> count == 0);
        return made;
    }

    @Override
    public void close() {
        kernel.close();
        sockets.close();
    }
}

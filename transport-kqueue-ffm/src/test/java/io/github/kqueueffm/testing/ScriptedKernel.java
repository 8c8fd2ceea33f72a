// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Call.KeventCall;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A BSD kernel in memory, as far as an event loop sees one: kqueue, pipes, close, and descriptors whose state the test
 * sets. Functions that it does not model answer {@code -ENOSYS}. It works with any platform record that has a kqueue.
 *
 * <p><b>Waiting.</b> Time does not pass by itself. When kevent would wait and nothing is there to report, the next step of
 * the script ({@link #duringWait}, {@link #interruptWait}) is run, and kevent looks again. Without a further step a wait
 * with a timeout ends at once with no events, and one without a timeout is an error of the test: nothing could ever end it.
 * After {@link #waitForReal} threads wait as in a kernel.
 *
 * <p><b>Running code before a call:</b> override the method and call {@code super}.
 *
 * <p>Every method may be called from any thread.
 */
public class ScriptedKernel extends AbsentSyscalls {

    /** {@link KeventCall#timeoutNanos} of a wait without limit. */
    public static final long FOREVER = -1;

    /** No test waits this long for something that does happen. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int FIRST_FD = 3;

    private static final Set<CFunction> MODELLED = EnumSet.of(
            CFunction.CLOSE,
            CFunction.READ,
            CFunction.WRITE,
            CFunction.FCNTL,
            CFunction.PIPE,
            CFunction.KQUEUE,
            CFunction.KEVENT);

    private record Refused(long ident, int filter) {}

    /** A step of the script: returns the errno that the wait ends with, 0 to look again. */
    private interface WaitStep {
        int run();
    }

    final Object lock = new Object();

    private final Platform platform;
    private final KqueueConstants c;
    private final FakeMemory memory = new FakeMemory();
    private final KeventCodec codec;
    private final TreeMap<Integer, FakeDescriptor> descriptors = new TreeMap<>();
    private final List<Call> log = new ArrayList<>();
    private final FailurePlan failures = new FailurePlan();
    private final Map<Refused, Integer> refusals = new HashMap<>();
    private final ArrayDeque<WaitStep> script = new ArrayDeque<>();

    private Flavour flavour;
    private boolean userEvents = true;
    private boolean errorsKeepFlags;
    private boolean waitForReal;
    private int waiters;
    private long interruptions;

    /** A kernel with the ABI of {@code platform} and the flavour of its system. */
    public ScriptedKernel(Platform platform) {
        this.platform = platform;
        c = platform.kqueue();
        codec = new KeventCodec(memory, platform.kevent());
        flavour = Flavour.of(platform.os());
        errorsKeepFlags = flavour.errorsKeepFlags();
    }

    // What kind of kernel it is

    public Platform platform() {
        return platform;
    }

    public Flavour flavour() {
        return flavour;
    }

    public ScriptedKernel flavour(Flavour value) {
        flavour = value;
        return this;
    }

    /** Whether EVFILT_USER exists, as it does by default. Otherwise the answer is EINVAL: NetBSD 9, OpenBSD 7.7. */
    public ScriptedKernel userEvents(boolean value) {
        userEvents = value;
        return this;
    }

    /** Whether an error entry has the flags of its change besides EV_ERROR, as on macOS. */
    public ScriptedKernel errorsKeepFlags(boolean value) {
        errorsKeepFlags = value;
        return this;
    }

    /** From here on threads wait in kevent until there is something to report, their time is up, or they are interrupted. */
    public ScriptedKernel waitForReal() {
        waitForReal = true;
        return this;
    }

    // What happens

    /** A connected socket, on the lowest free number. */
    public FakeSocket newSocket() {
        return install(new FakeSocket(this));
    }

    /** A listening socket, on the lowest free number. */
    public FakeListener newListener() {
        return install(new FakeListener(this));
    }

    /** An event of a filter that is neither READ nor WRITE. Returns whether a knote heard of it. */
    public boolean fire(long ident, int filter, int fflags, long data) {
        synchronized (lock) {
            boolean heard = false;
            for (FakeDescriptor descriptor : descriptors.values()) {
                if (descriptor instanceof FakeKqueue kqueue) {
                    heard |= kqueue.fire(ident, filter, fflags, data);
                }
            }
            return heard;
        }
    }

    /** The next wait that finds nothing to report runs {@code action}, then looks again. Steps add up. */
    public void duringWait(Runnable action) {
        synchronized (lock) {
            script.add(() -> {
                action.run();
                return 0;
            });
        }
    }

    /** The next wait that finds nothing to report runs {@code action}, then ends with EINTR. Steps add up. */
    public void interruptWait(Runnable action) {
        endWait(platform.errno().EINTR(), action);
    }

    /** The next wait that finds nothing to report runs {@code action}, then ends with {@code errno}. Steps add up. */
    public void endWait(int errno, Runnable action) {
        synchronized (lock) {
            script.add(() -> {
                action.run();
                return errno;
            });
        }
    }

    /** Whether every step of the script was run. */
    public boolean scriptDone() {
        synchronized (lock) {
            return script.isEmpty();
        }
    }

    /** Ends the waits of all threads that wait for real with EINTR. */
    public void interruptWaiters() {
        synchronized (lock) {
            interruptions++;
            lock.notifyAll();
        }
    }

    /** Returns when {@code count} threads wait for real. */
    public void awaitWaiters(int count) throws InterruptedException {
        synchronized (lock) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (waiters != count) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(waiters + " threads wait in kevent, not " + count);
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
    }

    // What fails

    /**
     * The nth call of {@code function} from here on fails. kevent fails before it looks at the changes, but with EINTR after
     * they were applied and unless one of them was bad; close closes all the same.
     *
     * @param nth 1 for the next call
     */
    public void fail(CFunction function, int nth, int errno) {
        synchronized (lock) {
            failures.add(function, nth, errno);
        }
    }

    /** As {@link #fail}, counting all functions that are modelled. */
    public void failAny(int nth, int errno) {
        synchronized (lock) {
            failures.add(null, nth, errno);
        }
    }

    /** Whether every failure asked for has come to pass. */
    public boolean failuresDone() {
        synchronized (lock) {
            return failures.isEmpty();
        }
    }

    /** The next EV_ADD that would make this knote is answered with {@code errno}. */
    public void refuse(long ident, int filter, int errno) {
        synchronized (lock) {
            refusals.put(new Refused(ident, filter), errno);
        }
    }

    // What happened

    /** All calls so far, or since {@link #clearLog}. */
    public List<Call> log() {
        synchronized (lock) {
            return List.copyOf(log);
        }
    }

    /** The calls of kevent among them. */
    public List<KeventCall> kevents() {
        return log().stream()
                .filter(KeventCall.class::isInstance)
                .map(KeventCall.class::cast)
                .toList();
    }

    /** The last call of kevent. */
    public KeventCall lastKevent() {
        List<KeventCall> calls = kevents();
        return calls.get(calls.size() - 1);
    }

    /** All changes of all calls of kevent in the log, in their order. */
    public List<Kevent> changes() {
        return kevents().stream().flatMap(call -> call.changes().stream()).toList();
    }

    public void clearLog() {
        synchronized (lock) {
            log.clear();
        }
    }

    /** Numbers of the open descriptors. */
    public Set<Integer> openDescriptors() {
        synchronized (lock) {
            return new TreeSet<>(descriptors.keySet());
        }
    }

    /** What fcntl(F_GETFL) would answer. */
    public int statusFlags(int fd) {
        synchronized (lock) {
            return opened(fd).statusFlags;
        }
    }

    /** What fcntl(F_GETFD) would answer. */
    public int descriptorFlags(int fd) {
        synchronized (lock) {
            return opened(fd).descriptorFlags;
        }
    }

    /** Bytes, connections or events that EVFILT_READ would tell of now. */
    public long readable(int fd) {
        synchronized (lock) {
            return opened(fd).readReadiness(1).data();
        }
    }

    /** Number of knotes that kqueue {@code kq} holds. */
    public int knotes(int kq) {
        synchronized (lock) {
            return kqueueOf(kq).size();
        }
    }

    /** Whether kqueue {@code kq} holds the knote. */
    public boolean hasKnote(int kq, long ident, int filter) {
        synchronized (lock) {
            return kqueueOf(kq).find(ident, filter) != null;
        }
    }

    // The inside

    <T extends FakeDescriptor> T install(T descriptor) {
        synchronized (lock) {
            int fd = FIRST_FD;
            while (descriptors.containsKey(fd)) {
                fd++;
            }
            descriptor.fd = fd;
            descriptors.put(fd, descriptor);
            return descriptor;
        }
    }

    /** {@code descriptor} takes the place of another, and its number. */
    void replace(FakeDescriptor old, FakeDescriptor descriptor) {
        descriptor.fd = old.fd;
        descriptor.statusFlags = old.statusFlags;
        descriptor.descriptorFlags = old.descriptorFlags;
        descriptors.put(old.fd, descriptor);
    }

    ByteBuffer memoryAt(long address, long length) {
        return memory.at(address, length);
    }

    @Nullable
    FakeDescriptor find(long fd) {
        return fd == (int) fd ? descriptors.get((int) fd) : null;
    }

    /** Writes an entry of an array of struct kevent. */
    void encode(long address, int index, Kevent value) {
        codec.write(address, index, value);
    }

    private FakeDescriptor opened(int fd) {
        FakeDescriptor descriptor = descriptors.get(fd);
        if (descriptor == null) {
            throw new AssertionError(fd + " is not open");
        }
        return descriptor;
    }

    private FakeKqueue kqueueOf(int fd) {
        return (FakeKqueue) opened(fd);
    }

    boolean hasFilter(int filter) {
        if (filter == c.EVFILT_USER()) {
            return userEvents;
        }
        return filter == c.EVFILT_READ()
                || filter == c.EVFILT_WRITE()
                || filter == c.EVFILT_VNODE()
                || filter == c.EVFILT_PROC()
                || filter == c.EVFILT_SIGNAL()
                || filter == c.EVFILT_TIMER();
    }

    int refusal(long ident, int filter) {
        Integer errno = refusals.remove(new Refused(ident, filter));
        return errno == null ? 0 : errno;
    }

    long call(CFunction function, Supplier<Long> action, long... arguments) {
        synchronized (lock) {
            int errno = failures.next(function);
            long result = errno != 0 ? -errno : action.get();
            List<Long> list = new ArrayList<>();
            for (long argument : arguments) {
                list.add(argument);
            }
            log.add(new Call.Simple(function, list, result));
            return result;
        }
    }

    interface OnDescriptor {
        long call(FakeDescriptor descriptor);
    }

    long on(int fd, OnDescriptor action) {
        FakeDescriptor descriptor = find(fd);
        return descriptor == null ? -platform.errno().EBADF() : action.call(descriptor);
    }

    // The C library

    @Override
    public boolean has(CFunction function) {
        return MODELLED.contains(function);
    }

    @Override
    public long address(ByteBuffer direct) {
        return memory.addressOf(direct);
    }

    @Override
    int absent(CFunction function) {
        synchronized (lock) {
            int errno = platform.errno().ENOSYS();
            log.add(new Call.Simple(function, List.of(), -errno));
            return -errno;
        }
    }

    @Override
    public int close(int fd) {
        synchronized (lock) {
            int errno = failures.next(CFunction.CLOSE);
            long result = on(fd, this::closed);
            if (errno != 0) {
                result = -errno;
            }
            log.add(new Call.Simple(CFunction.CLOSE, List.of((long) fd), result));
            return (int) result;
        }
    }

    private long closed(FakeDescriptor closing) {
        // Silently: who waits is not woken.
        for (Knote knote : List.copyOf(closing.watchers)) {
            knote.owner.drop(knote);
        }
        closing.closed();
        descriptors.remove(closing.fd);
        return 0;
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return call(CFunction.READ, () -> on(fd, d -> d.read(memory.at(buffer, length))), fd, buffer, length);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return call(CFunction.WRITE, () -> on(fd, d -> d.write(memory.at(buffer, length))), fd, buffer, length);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return (int) call(CFunction.FCNTL, () -> on(fd, d -> flags(d, command, argument)), fd, command, argument);
    }

    private long flags(FakeDescriptor descriptor, int command, int argument) {
        FileConstants file = platform.file();
        if (command == file.F_GETFD()) {
            return descriptor.descriptorFlags;
        } else if (command == file.F_SETFD()) {
            descriptor.descriptorFlags = argument;
            return 0;
        } else if (command == file.F_GETFL()) {
            return descriptor.statusFlags;
        } else if (command == file.F_SETFL()) {
            descriptor.statusFlags = argument;
            return 0;
        }
        return -platform.errno().EINVAL();
    }

    @Override
    public int pipe(long fds) {
        return (int) call(
                CFunction.PIPE,
                () -> {
                    FakePipeEnd[] ends = FakePipeEnd.pair(this);
                    ByteBuffer pair = memory.at(fds, 2 * Integer.BYTES);
                    pair.putInt(0, install(ends[0]).fd);
                    pair.putInt(Integer.BYTES, install(ends[1]).fd);
                    return 0L;
                },
                fds);
    }

    @Override
    public int kqueue() {
        return (int) call(CFunction.KQUEUE, () -> (long) install(new FakeKqueue(this)).fd);
    }

    @Override
    public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
        synchronized (lock) {
            int errno = failures.next(CFunction.KEVENT);
            List<Kevent> sent = changeCount == 0 ? List.of() : codec.read(changes, changeCount);
            if (eventCapacity > 0) {
                codec.checkWritable(events, eventCapacity);
            }
            long timeout = timeout(timespec);
            List<Kevent> stored = new ArrayList<>();
            int result = kevent(kq, sent, stored, eventCapacity, timeout, errno);
            for (int i = 0; i < stored.size(); i++) {
                codec.write(events, i, stored.get(i));
            }
            log.add(new KeventCall(kq, sent, eventCapacity, timeout, List.copyOf(stored), result));
            return result;
        }
    }

    /** Nanoseconds, {@link #FOREVER}, or less for a timespec that the kernel does not take. */
    private long timeout(long timespec) {
        if (timespec == 0) {
            return FOREVER;
        }
        ByteBuffer value = memory.at(timespec, platform.structs().timespecSize());
        long seconds = value.getLong(platform.structs().timespecSeconds());
        long nanos = value.getLong(platform.structs().timespecNanos());
        long limit = platform.traits().maxWaitSeconds();
        if (seconds < 0 || nanos < 0 || nanos >= 1_000_000_000L || seconds > limit || (seconds == limit && nanos > 0)) {
            return FOREVER - 1;
        }
        return TimeUnit.SECONDS.toNanos(seconds) + nanos;
    }

    private int kevent(int kq, List<Kevent> changes, List<Kevent> stored, int capacity, long timeout, int failure) {
        int eintr = platform.errno().EINTR();
        if (failure != 0 && failure != eintr) {
            return -failure;
        }
        if (!(find(kq) instanceof FakeKqueue kqueue)) {
            return -platform.errno().EBADF();
        }
        if (timeout < FOREVER) {
            return -platform.errno().EINVAL();
        }
        for (Kevent change : changes) {
            if (change.filter() == 0 && c.EVFILT_READ() != 0 && flavour.skipsFilter0()) {
                continue;
            }
            int errno = kqueue.apply(change);
            boolean receipt = change.has(c.EV_RECEIPT());
            if (errno == 0 && !receipt) {
                continue;
            }
            if (stored.size() == capacity) {
                if (errno == 0 && flavour.receiptsWithoutRoom()) {
                    continue;
                }
                // No room to tell. With EV_RECEIPT the rest of the list is dropped without a word (NetBSD, observed).
                return -errno;
            }
            int flags = errorsKeepFlags ? change.flags() | c.EV_ERROR() : c.EV_ERROR();
            stored.add(new Kevent(change.ident(), change.filter(), flags, change.fflags(), errno, change.udata()));
        }
        if (!stored.isEmpty()) {
            // At once, and nothing but the errors.
            return stored.size();
        }
        if (failure == eintr) {
            return -eintr;
        }
        return capacity == 0 ? 0 : collect(kqueue, stored, capacity, timeout);
    }

    private int collect(FakeKqueue kqueue, List<Kevent> stored, int capacity, long timeout) {
        long start = System.nanoTime();
        long interruptionsBefore = interruptions;
        while (true) {
            stored.addAll(kqueue.scan(capacity));
            if (!stored.isEmpty()) {
                return stored.size();
            }
            if (timeout == 0) {
                return 0;
            }
            if (waitForReal) {
                long left = timeout == FOREVER ? PATIENCE_NANOS : timeout - (System.nanoTime() - start);
                if (left <= 0) {
                    return 0;
                }
                sleep(kqueue, left);
                if (interruptions != interruptionsBefore) {
                    return -platform.errno().EINTR();
                }
                if (timeout == FOREVER && System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new AssertionError("nothing came in " + PATIENCE_NANOS + " ns of a wait without a timeout");
                }
            } else {
                WaitStep step = script.poll();
                if (step == null) {
                    if (timeout == FOREVER) {
                        throw new AssertionError("nothing is left in the script that could end this wait");
                    }
                    return 0;
                }
                int errno = step.run();
                if (errno != 0) {
                    return -errno;
                }
            }
        }
    }

    private void sleep(FakeKqueue kqueue, long nanos) {
        kqueue.waiters++;
        waiters++;
        lock.notifyAll();
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        } catch (InterruptedException e) {
            throw new AssertionError("a thread that waits in kevent was interrupted by Java", e);
        } finally {
            waiters--;
            kqueue.waiters--;
        }
    }
}

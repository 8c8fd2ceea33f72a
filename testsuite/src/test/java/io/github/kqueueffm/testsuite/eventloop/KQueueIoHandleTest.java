// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoHandle;
import io.github.kqueueffm.KQueueIoOps;
import io.github.kqueueffm.testsuite.support.DescriptorLeakCheck;
import io.github.kqueueffm.testsuite.support.LibC;
import io.github.kqueueffm.testsuite.support.LoopThread;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Descriptors of somebody else's on our event loop: the two ends of a pipe. */
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(60)
class KQueueIoHandleTest {

    private EventLoopGroup group;
    private IoEventLoop loop;
    private int reader;
    private int writer;

    @BeforeEach
    void open() {
        group = Transports.KQUEUE.newGroup(1, "handles");
        loop = (IoEventLoop) group.next();
        int[] pipe = LibC.pipe();
        reader = pipe[0];
        writer = pipe[1];
    }

    @AfterEach
    void close() throws InterruptedException {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        closeReader();
        closeWriter();
    }

    private void closeReader() {
        if (reader >= 0) {
            LibC.close(reader);
            reader = -1;
        }
    }

    private void closeWriter() {
        if (writer >= 0) {
            LibC.close(writer);
            writer = -1;
        }
    }

    private static KQueueIoOps add(KQueueFilter filter, int more) {
        return KQueueIoOps.newOps(filter, KQueueIoOps.ADD | KQueueIoOps.ENABLE | more, 0);
    }

    private IoRegistration register(KQueueIoHandle handle) throws Exception {
        Future<IoRegistration> future = loop.register(handle);
        return future.get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Everything the loop had in mind has happened. */
    private void settle() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            loop.submit(() -> {}).sync();
        }
    }

    @Test
    void readFilterTellsOfData() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        assertThat(handle.registered.await(1, TimeUnit.SECONDS)).isTrue();
        assertThat(registration.isValid()).isTrue();
        assertThat(registration.submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR)))
                .isGreaterThanOrEqualTo(0);
        settle();
        assertThat(handle.events).isEmpty();

        LibC.write(writer, new byte[] {1, 2, 3});
        Noted event = handle.next();
        assertThat(event.ident).isEqualTo(reader);
        assertThat(event.filter).isSameAs(KQueueFilter.READ);
        assertThat(event.flags & KQueueIoEvent.EOF).isZero();
        assertThat(event.data).isIn(3L, -1L);
        assertThat(event.thread).isSameAs(loop.submit(Thread::currentThread).get());

        // EV_CLEAR: the same data is not told twice, more data is told anew.
        settle();
        assertThat(handle.events).isEmpty();
        LibC.write(writer, new byte[] {4});
        assertThat(handle.next().filter).isSameAs(KQueueFilter.READ);
    }

    @Test
    void levelTriggeredFilterTellsUntilTheDataIsRead() throws Exception {
        Noting handle = new Noting(reader) {
            private int told;

            @Override
            void handled(KQueueIoEvent event) {
                if (++told == 3) {
                    LibC.read(reader, new byte[10]);
                }
            }
        };
        register(handle).submit(add(KQueueFilter.READ, 0));
        LibC.write(writer, new byte[] {1});
        for (int i = 0; i < 3; i++) {
            handle.next();
        }
        settle();
        assertThat(handle.events).isEmpty();
    }

    @Test
    void oneShotFilterTellsOnce() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        registration.submit(add(KQueueFilter.READ, KQueueIoOps.ONESHOT));
        LibC.write(writer, new byte[] {1});
        handle.next();
        LibC.write(writer, new byte[] {1});
        settle();
        assertThat(handle.events).isEmpty();
        registration.submit(add(KQueueFilter.READ, KQueueIoOps.ONESHOT));
        handle.next();
    }

    @Test
    void dispatchedFilterTellsAgainWhenEnabled() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        for (int i = 0; i < 5; i++) {
            LibC.write(writer, new byte[] {1});
            registration.submit(add(KQueueFilter.READ, KQueueIoOps.DISPATCH));
            handle.next();
            settle();
            assertThat(handle.events).isEmpty();
        }
    }

    @Test
    void disabledFilterIsSilentUntilEnabled() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        registration.submit(add(KQueueFilter.READ, 0));
        settle();
        registration.submit(KQueueIoOps.newOps(KQueueFilter.READ, KQueueIoOps.DISABLE, 0));
        settle();
        LibC.write(writer, new byte[] {1});
        settle();
        assertThat(handle.events).isEmpty();
        registration.submit(KQueueIoOps.newOps(KQueueFilter.READ, KQueueIoOps.ENABLE, 0));
        handle.next();
        registration.submit(KQueueIoOps.newOps(KQueueFilter.READ, KQueueIoOps.DELETE, 0));
        settle();
        handle.events.clear();
        settle();
        assertThat(handle.events).isEmpty();
    }

    @Test
    void readFilterTellsOfTheEnd() throws Exception {
        Noting handle = new Noting(reader);
        register(handle).submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR));
        closeWriter();
        assertThat(handle.next().flags & KQueueIoEvent.EOF).isNotZero();
    }

    @Test
    void writeFilterTellsOfRoom() throws Exception {
        Noting handle = new Noting(writer);
        register(handle).submit(add(KQueueFilter.WRITE, KQueueIoOps.DISPATCH));
        Noted event = handle.next();
        assertThat(event.ident).isEqualTo(writer);
        assertThat(event.filter).isSameAs(KQueueFilter.WRITE);
    }

    @Test
    void writeFilterTellsThatTheReaderIsGone() throws Exception {
        Noting handle = new Noting(writer);
        IoRegistration registration = register(handle);
        closeReader();
        registration.submit(add(KQueueFilter.WRITE, KQueueIoOps.CLEAR));
        assertThat(handle.next().flags & KQueueIoEvent.EOF).isNotZero();
    }

    /** From a foreign thread, in a storm: nothing but the last word counts, and that does. */
    @Test
    void submitMayComeFromAnyThread() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        LibC.write(writer, new byte[] {1});
        for (int i = 0; i < 1000; i++) {
            registration.submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR));
            registration.submit(KQueueIoOps.newOps(KQueueFilter.READ, KQueueIoOps.DELETE, 0));
        }
        settle();
        handle.events.clear();
        registration.submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR));
        Noted event = handle.next();
        assertThat(event.flags & KQueueIoEvent.ERROR).isZero();
    }

    @Test
    void nothingIsToldAfterCancel() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        registration.submit(add(KQueueFilter.READ, 0));
        settle();
        assertThat(registration.cancel()).isTrue();
        assertThat(registration.cancel()).isFalse();
        assertThat(registration.isValid()).isFalse();
        assertThat(registration.submit(add(KQueueFilter.READ, 0))).isEqualTo(-1);
        assertThat(handle.unregistered.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        LibC.write(writer, new byte[] {1});
        settle();
        assertThat(handle.events).isEmpty();
        LoopThread thread = LoopThread.of(loop);
        long before = thread.cpuNanos();
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(thread.cpuNanos() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(handle.closed.getCount()).isEqualTo(1);
    }

    /** The descriptor was closed before its registration was cancelled, and its number is another's already. */
    @Test
    void aNumberThatIsUsedAgainBelongsToItsNewHandle() throws Exception {
        Noting first = new Noting(reader);
        IoRegistration firstRegistration = register(first);
        firstRegistration.submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR));
        settle();
        int number = reader;
        firstRegistration.cancel();
        closeReader();
        closeWriter();
        int[] pipe = LibC.pipe();
        reader = pipe[0];
        writer = pipe[1];
        assertThat(reader)
                .as("the number of the descriptor closed last is given again")
                .isEqualTo(number);
        Noting second = new Noting(reader);
        register(second).submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR));
        LibC.write(writer, new byte[] {1});
        second.next();
        assertThat(first.events).isEmpty();
    }

    /** Two filters of one descriptor are one registration, each with its own events. */
    @Test
    void refusedChangesAreToldToTheirHandle() throws Exception {
        Noting healthy = new Noting(reader);
        IoRegistration registration = register(healthy);
        int closed = LibC.dup(reader);
        LibC.close(closed);
        Noting refused = new Noting(closed);
        IoRegistration bad = register(refused);
        bad.submit(add(KQueueFilter.READ, 0));
        registration.submit(add(KQueueFilter.READ, KQueueIoOps.CLEAR));
        Noted event = refused.next();
        assertThat(event.flags & KQueueIoEvent.ERROR).isNotZero();
        assertThat(event.data).as("EBADF, which is 9 everywhere").isEqualTo(9);
        LibC.write(writer, new byte[] {1});
        assertThat(healthy.next().flags & KQueueIoEvent.ERROR).isZero();
        bad.cancel();
    }

    @Test
    void itsLoopsEndClosesIt() throws Exception {
        Noting handle = new Noting(reader);
        IoRegistration registration = register(handle);
        registration.submit(add(KQueueFilter.READ, 0));
        settle();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        assertThat(handle.closed.getCount()).isZero();
        assertThat(handle.unregistered.getCount()).isZero();
        assertThat(registration.isValid()).isFalse();
    }

    @Test
    void operationsOfOthersAreRefused() throws Exception {
        IoRegistration registration = register(new Noting(reader));
        assertThatThrownBy(() -> registration.submit(new IoOps() {})).isInstanceOf(IllegalArgumentException.class);
    }

    private static final class Noted {
        final int ident;
        final KQueueFilter filter;
        final int flags;
        final long data;
        final Thread thread = Thread.currentThread();

        Noted(KQueueIoEvent event) {
            ident = event.ident();
            filter = event.filter();
            flags = event.flags();
            data = event.data();
        }
    }

    private static class Noting implements KQueueIoHandle {

        final BlockingQueue<Noted> events = new LinkedBlockingQueue<>();
        final CountDownLatch registered = new CountDownLatch(1);
        final CountDownLatch unregistered = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);
        private final int ident;

        Noting(int ident) {
            this.ident = ident;
        }

        Noted next() throws InterruptedException {
            Noted event = events.poll(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event");
            }
            return event;
        }

        void handled(KQueueIoEvent event) {}

        @Override
        public int ident() {
            return ident;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            events.add(new Noted((KQueueIoEvent) event));
            handled((KQueueIoEvent) event);
        }

        @Override
        public void registered() {
            registered.countDown();
        }

        @Override
        public void unregistered() {
            unregistered.countDown();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}

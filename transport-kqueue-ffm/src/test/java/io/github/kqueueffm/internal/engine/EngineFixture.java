// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine on a scripted kernel, with the calls of its construction taken out of the log. */
final class EngineFixture {

    static final int MAX_ENTRIES = 4096;

    final Platform platform;
    final KqueueConstants c;
    final ScriptedKernel kernel;
    final KQueueEngine engine;
    final RecordingTarget target = new RecordingTarget();

    EngineFixture(Platform platform) {
        this(platform, MAX_ENTRIES);
    }

    EngineFixture(Platform platform, int maxEntries) {
        this(new ScriptedKernel(platform), maxEntries, null);
    }

    EngineFixture(ScriptedKernel kernel, int maxEntries, @Nullable String waker) {
        this.kernel = kernel;
        platform = kernel.platform();
        c = platform.kqueue();
        engine = new KQueueEngine(kernel, platform, new KqueueKernel(kernel, platform), maxEntries, waker);
        kernel.clearLog();
    }

    int kq() {
        return engine.kernel().fd();
    }

    /** An edge-triggered registration that {@link #target} hears of. */
    Registration register(FakeSocket socket) {
        return engine.register(socket.fd(), FilterKind.EDGE, target);
    }

    Registration register(FakeListener listener) {
        return engine.register(listener.fd(), FilterKind.LEVEL, target);
    }

    /** A registration that reads, and that the kernel knows of already. */
    Registration reading(FakeSocket socket) {
        Registration registration = register(socket);
        registration.startReading();
        turn();
        return registration;
    }

    /** New sockets, each with a byte to read. */
    List<FakeSocket> readableSockets(int count) {
        List<FakeSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(kernel.newSocket().arrive(1));
        }
        return sockets;
    }

    /** Registers each of them and starts reading. */
    List<Registration> startReading(List<FakeSocket> sockets) {
        List<Registration> registrations = new ArrayList<>();
        for (FakeSocket socket : sockets) {
            Registration registration = register(socket);
            registration.startReading();
            registrations.add(registration);
        }
        return registrations;
    }

    /** A turn that does not wait. */
    int turn() {
        return turn(KQueueEngine.NOW);
    }

    int turn(long deadline) {
        engine.prepareTurn();
        return engine.turn(deadline);
    }

    /** A turn that waits without limit; the script must end it. */
    int turnForever() {
        return turn(KQueueEngine.NO_DEADLINE);
    }

    /** What the next turn sends. */
    List<Kevent> changesOfATurn() {
        kernel.clearLog();
        turn();
        return kernel.changes();
    }

    Kevent change(Registration registration, int filter, int flags) {
        return change(registration, filter, flags, 0, 0);
    }

    Kevent change(Registration registration, int filter, int flags, int fflags, long data) {
        return new Kevent(registration.ident(), filter, flags, fflags, data, registration.udata());
    }

    Kevent readAdded(Registration registration) {
        return change(registration, c.EVFILT_READ(), c.EV_ADD() | c.EV_ENABLE() | c.EV_CLEAR());
    }

    Kevent writeArmed(Registration registration) {
        return change(registration, c.EVFILT_WRITE(), c.EV_ADD() | c.EV_ENABLE() | c.EV_DISPATCH());
    }

    /** Lets time pass that System.nanoTime can see; no other thread is waited for. */
    static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}

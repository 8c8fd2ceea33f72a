// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import com.sun.jna.Pointer;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.RealBinding;
import io.github.kqueueffm.internal.socket.ScriptedCalls;
import io.github.kqueueffm.testing.Records;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A sendfile(2) of each form that answers what a test says, and notes what it was asked for. */
final class SendfileScript {

    enum Form {
        LINUX(CFunction.SENDFILE, false),
        FREEBSD(CFunction.SENDFILE_SBYTES, true),
        MACOS(CFunction.SENDFILE_LENGTH, true);

        private final CFunction function;

        /** Tells of bytes beside EAGAIN and EINTR. */
        final boolean partialErrors;

        Form(CFunction function, boolean partialErrors) {
            this.function = function;
            this.partialErrors = partialErrors;
        }
    }

    /** The descriptor that open(2) answers. */
    static final int FILE = 900;

    /** The descriptor of the socket. */
    static final int SOCKET = 77;

    /** A call as it was asked for. */
    record Asked(int file, long position, long count) {}

    private record Step(long sent, int errno) {}

    private final Form form;
    private final ScriptedCalls calls;
    private final Errno errno;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();
    private boolean everything;

    SendfileScript(Form form, boolean jdkKernel) {
        this.form = form;
        Platform host = RealBinding.BINDING.platform();
        Map<CFunction, String> symbols = new EnumMap<>(host.symbols());
        for (Form each : Form.values()) {
            symbols.remove(each.function);
        }
        symbols.put(form.function, "sendfile");
        symbols.put(CFunction.OPEN, "open");
        calls = new ScriptedCalls(Records.with(host, "symbols", symbols), jdkKernel);
        errno = host.errno();
        calls.answer("open", FILE).answer("close", 0);
        switch (form) {
            case LINUX -> calls.answer("sendfile", this::linux);
            case FREEBSD -> calls.answer("sendfileSbytes", this::freebsd);
            case MACOS -> calls.answer("sendfileLength", this::macos);
        }
    }

    ScriptedCalls calls() {
        return calls;
    }

    Errno errno() {
        return errno;
    }

    List<Asked> asked() {
        return asked;
    }

    /** The next call takes that much. */
    SendfileScript takes(long bytes) {
        steps.add(new Step(bytes, 0));
        return this;
    }

    /** The next call fails. */
    SendfileScript fails(int number) {
        return fails(0, number);
    }

    /** The next call fails after it has sent something; on Linux these are two calls. */
    SendfileScript fails(long bytes, int number) {
        if (bytes > 0 && !form.partialErrors) {
            takes(bytes);
            steps.add(new Step(0, number));
        } else {
            steps.add(new Step(bytes, number));
        }
        return this;
    }

    /** All further calls take what they are given. */
    SendfileScript takesEverything() {
        everything = true;
        return this;
    }

    private Step next(Object file, Object socket, long position, long count) {
        if (!socket.equals(SOCKET)) {
            throw new AssertionError("not the socket: " + socket);
        }
        asked.add(new Asked((int) file, position, count));
        Step step = steps.poll();
        if (step == null) {
            if (!everything) {
                throw new AssertionError("one call too many: " + asked);
            }
            return new Step(count, 0);
        }
        return step;
    }

    private Object linux(Object[] arguments) {
        Pointer offset = new Pointer((long) arguments[2]);
        Step step = next(arguments[1], arguments[0], offset.getLong(0), (long) arguments[3]);
        if (step.errno > 0) {
            return -step.errno;
        }
        offset.setLong(0, offset.getLong(0) + step.sent);
        return step.sent;
    }

    /** {@code fd, s, offset, nbytes, hdtr, sbytes, flags}. */
    private Object freebsd(Object[] arguments) {
        Step step = next(arguments[0], arguments[1], (long) arguments[2], (long) arguments[3]);
        if (!arguments[4].equals(0L) || !arguments[6].equals(0)) {
            throw new AssertionError("no headers and no flags are meant");
        }
        Pointer sbytes = new Pointer((long) arguments[5]);
        if (isTold(step)) {
            sbytes.setLong(0, step.sent);
        }
        return -step.errno;
    }

    /** {@code fd, s, offset, length, hdtr, flags}. */
    private Object macos(Object[] arguments) {
        Pointer length = new Pointer((long) arguments[3]);
        Step step = next(arguments[0], arguments[1], (long) arguments[2], length.getLong(0));
        if (!arguments[4].equals(0L) || !arguments[5].equals(0)) {
            throw new AssertionError("no headers and no flags are meant");
        }
        if (isTold(step)) {
            length.setLong(0, step.sent);
        }
        return -step.errno;
    }

    /** After other errors the memory keeps what the caller has put there. */
    private boolean isTold(Step step) {
        return step.errno == 0 || step.errno == errno.EAGAIN() || step.errno == errno.EINTR();
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/** The sendfile(2) of one family of systems. */
abstract class SendfileForm {

    final Syscalls syscalls;

    private SendfileForm(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** {@code null} where there is none: NetBSD, OpenBSD. */
    static @Nullable SendfileForm of(Binding binding) {
        Syscalls syscalls = binding.syscalls();
        if (syscalls.has(CFunction.SENDFILE)) {
            return new OffsetPointer(syscalls);
        }
        if (syscalls.has(CFunction.SENDFILE_SBYTES)) {
            return new SentPointer(syscalls, binding.platform());
        }
        if (syscalls.has(CFunction.SENDFILE_LENGTH)) {
            return new LengthPointer(syscalls, binding.platform());
        }
        return null;
    }

    /**
     * @param count bytes, at least 1: to the BSDs 0 means all there is
     * @param number 8 bytes for the number that every form passes by address
     */
    abstract void send(int socket, int file, long position, long count, NativeMemory number, SendfileResult result);

    /** Linux: what was sent is the result. */
    private static final class OffsetPointer extends SendfileForm {

        OffsetPointer(Syscalls syscalls) {
            super(syscalls);
        }

        @Override
        void send(int socket, int file, long position, long count, NativeMemory number, SendfileResult result) {
            number.buffer().putLong(0, position);
            long sent = syscalls.sendfile(socket, file, number.address(), count);
            if (sent < 0) {
                result.set(0, (int) -sent);
            } else {
                result.set(sent, 0);
            }
        }
    }

    /** The BSDs tell what was sent beside a result that may be an error. */
    private abstract static class Beside extends SendfileForm {

        private final int again;
        private final int interrupted;

        Beside(Syscalls syscalls, Platform platform) {
            super(syscalls);
            again = platform.errno().EAGAIN();
            interrupted = platform.errno().EINTR();
        }

        final void tell(int answer, NativeMemory number, SendfileResult result) {
            // After other errors the number is what it was before (FreeBSD, sendfile_syscalls.c: it is written at the
            // end
            // only) or of no meaning (sendfile(2) of macOS: valid with EAGAIN and EINTR).
            boolean valid = answer >= 0 || answer == -again || answer == -interrupted;
            result.set(valid ? number.buffer().getLong(0) : 0, Math.max(-answer, 0));
        }
    }

    /** FreeBSD, DragonFly. */
    private static final class SentPointer extends Beside {

        SentPointer(Syscalls syscalls, Platform platform) {
            super(syscalls, platform);
        }

        @Override
        void send(int socket, int file, long position, long count, NativeMemory number, SendfileResult result) {
            number.buffer().putLong(0, 0);
            tell(syscalls.sendfileSbytes(file, socket, position, count, 0, number.address(), 0), number, result);
        }
    }

    /** macOS. */
    private static final class LengthPointer extends Beside {

        LengthPointer(Syscalls syscalls, Platform platform) {
            super(syscalls, platform);
        }

        @Override
        void send(int socket, int file, long position, long count, NativeMemory number, SendfileResult result) {
            number.buffer().putLong(0, count);
            tell(syscalls.sendfileLength(file, socket, position, number.address(), 0, 0), number, result);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.sys.CountingSyscalls;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the transport works here, and with what.
 *
 * <p>It is bound to the C library with {@code java.lang.foreign} on JDK 22 and later, and with JNA before. On macOS and
 * the BSDs it runs on the kernel's kqueue, on Linux on a kqueue made of epoll. All methods may be called from any thread.
 *
 * <p>System properties, read once when this class is first used:
 *
 * <ul>
 *   <li>{@code io.github.kqueueffm.binding}: {@code ffm} or {@code jna}, to have just that one
 *   <li>{@code io.github.kqueueffm.waker}: {@code user} (EVFILT_USER) or {@code pipe}; found by trying otherwise
 *   <li>{@code io.github.kqueueffm.library}: a shared library to look the C functions up in, instead of the process
 *   <li>{@code io.github.kqueueffm.platform}: {@code <os>-<arch>[-<version>]}, the ABI to speak instead of the detected one
 *   <li>{@code io.github.kqueueffm.countSystemCalls}: {@code true} makes {@link #systemCalls()} count
 *   <li>{@code io.netty.transport.noNative}: {@code true} makes this transport unavailable, as it does Netty's own
 * </ul>
 */
public final class KQueue {

    private KQueue() {}

    /** Whether event loops and channels of this transport can be made. */
    public static boolean isAvailable() {
        return Availability.CAUSE == null;
    }

    /** Why {@link #isAvailable()} is false: what was tried, and what would help. {@code null} when it is true. */
    public static @Nullable Throwable unavailabilityCause() {
        return Availability.CAUSE;
    }

    /**
     * Does nothing when the transport is available.
     *
     * @throws UnsatisfiedLinkError with {@link #unavailabilityCause()} as its cause otherwise, the type that Netty's
     *     native transports throw
     */
    public static void ensureAvailability() {
        Throwable cause = Availability.CAUSE;
        if (cause != null) {
            UnsatisfiedLinkError error =
                    new UnsatisfiedLinkError("the kqueue transport is not available here: " + cause.getMessage());
            error.initCause(cause);
            throw error;
        }
    }

    /**
     * Whether connections may be opened with data ({@code ChannelOption.TCP_FASTOPEN_CONNECT}). False where the system has no
     * such thing (NetBSD, OpenBSD, DragonFly) or has it turned off: on Linux by net.ipv4.tcp_fastopen, which has the client's
     * side on by default, on FreeBSD by net.inet.tcp.fastopen.client_enable. True on macOS, which does not tell of its
     * net.inet.tcp.fastopen but for a server. Asked once, of the kernel in use; false when the transport is not available. The
     * option may be set in any case.
     */
    public static boolean isTcpFastOpenClientSideAvailable() {
        return FastOpenAvailability.CLIENT;
    }

    /**
     * Whether connections that are opened with data may be accepted ({@code ChannelOption.TCP_FASTOPEN}). False where the
     * system has no such thing or has it turned off, as Linux has by default: net.ipv4.tcp_fastopen, on FreeBSD
     * net.inet.tcp.fastopen.server_enable, on macOS net.inet.tcp.fastopen. Asked once, of the kernel in use; false when the
     * transport is not available.
     */
    public static boolean isTcpFastOpenServerSideAvailable() {
        return FastOpenAvailability.SERVER;
    }

    /**
     * How the C library is called: {@code "ffm"} or {@code "jna"}.
     *
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public static String binding() {
        return Availability.binding().name();
    }

    /**
     * The ABI in use, {@code <os>-<arch>} and, where it is not that of all releases, {@code -<version>}.
     *
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public static String platform() {
        return Availability.binding().platform().id();
    }

    /**
     * What event loops wait on: {@code "kqueue"}, or {@code "epoll"} where the kqueue is made of it (Linux).
     *
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public static String backend() {
        Availability.binding();
        return Availability.BACKEND;
    }

    /**
     * How a waiting event loop is woken by another thread: {@code "user"} (EVFILT_USER; eventfd on Linux) or
     * {@code "pipe"}.
     *
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public static String waker() {
        Availability.binding();
        return Availability.WAKER;
    }

    /**
     * System calls made by this transport since it was loaded, by lower-case C name. Empty unless the JVM was started
     * with {@code -Dio.github.kqueueffm.countSystemCalls=true}.
     *
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public static Map<String, Long> systemCalls() {
        Syscalls syscalls = Availability.binding().syscalls();
        return syscalls instanceof CountingSyscalls ? ((CountingSyscalls) syscalls).snapshot() : Map.of();
    }
}

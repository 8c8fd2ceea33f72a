// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * What a kernel does that no constant tells.
 *
 * @param acceptInheritsNonblock accept(2) gives the new socket the listener's O_NONBLOCK (BSD and macOS; not Linux, and
 *     nowhere with accept4)
 * @param inheritsNoDelay accepted sockets have the listener's TCP_NODELAY
 * @param inheritsKeepAlive ... its SO_KEEPALIVE
 * @param inheritsBuffers ... its SO_RCVBUF and SO_SNDBUF
 * @param inheritsLinger ... its SO_LINGER
 * @param inheritsReuseAddr ... its SO_REUSEADDR
 * @param inheritsTos ... its IP_TOS
 * @param inheritsKeepTimes ... its TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT
 * @param maxWaitSeconds longest timeout that kevent(2) (epoll_wait(2) on Linux) takes, seconds
 * @param iovMax most entries of a writev(2)
 * @param maxIoBytes most bytes of one read(2), write(2) or writev(2)
 * @param variadicAsFixed the C ABI passes a variadic int or pointer where it would pass a named one, so fcntl and ioctl
 *     may be called as if they took three parameters (not so on macOS arm64, which passes variadics on the stack)
 */
public record Traits(
        boolean acceptInheritsNonblock,
        boolean inheritsNoDelay,
        boolean inheritsKeepAlive,
        boolean inheritsBuffers,
        boolean inheritsLinger,
        boolean inheritsReuseAddr,
        boolean inheritsTos,
        boolean inheritsKeepTimes,
        int maxWaitSeconds,
        int iovMax,
        int maxIoBytes,
        boolean variadicAsFixed) {}

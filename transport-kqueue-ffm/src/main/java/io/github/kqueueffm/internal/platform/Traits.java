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
 * @param inheritsKeepTimes ... its TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT
 * @param fastOpenTakesQueueLength the value of TCP_FASTOPEN of a listening socket is a number of connections (Linux) and not
 *     just 0 or 1
 * @param fastOpenBySendto sendto(2) on a TCP socket that is not connected, and has TCP_FASTOPEN set, connects it with that data
 *     (FreeBSD); Linux wants MSG_FASTOPEN for that, macOS connectx(2)
 * @param abstractUnixNames a UNIX socket name that begins with a NUL is in a namespace of its own (Linux)
 * @param maxWaitSeconds longest timeout that kevent(2) (epoll_wait(2) on Linux) takes, seconds
 * @param iovMax most entries of a writev(2)
 * @param maxIoBytes most bytes of one read(2), write(2) or writev(2)
 * @param multicastOptionBytes width of the values of IP_MULTICAST_TTL and IP_MULTICAST_LOOP: 1 where an int is refused or
 *     not sure to be taken (the BSDs), 4 where int is the documented type
 * @param datagramAvailableCountsAddress the {@code data} of a read event on a datagram socket counts the sender's address and
 *     control messages of every waiting datagram besides its payload
 * @param batchErrorSticks the error that ends a recvmmsg(2) or sendmmsg(2), EAGAIN too, is also left as the socket's pending error,
 *     which the next call that has nothing to do with it fails with (NetBSD to release 9: sys_recvmmsg, sys_sendmmsg)
 * @param variadicAsFixed the C ABI passes a variadic int or pointer where it would pass a named one, so fcntl, ioctl
 *     and open may be called as if they took three parameters (not so on macOS arm64, which passes variadics on the stack)
 */
public record Traits(
        boolean acceptInheritsNonblock,
        boolean inheritsNoDelay,
        boolean inheritsKeepAlive,
        boolean inheritsBuffers,
        boolean inheritsLinger,
        boolean inheritsReuseAddr,
        boolean inheritsKeepTimes,
        boolean fastOpenTakesQueueLength,
        boolean fastOpenBySendto,
        boolean abstractUnixNames,
        int maxWaitSeconds,
        int iovMax,
        int maxIoBytes,
        int multicastOptionBytes,
        boolean datagramAvailableCountsAddress,
        boolean batchErrorSticks,
        boolean variadicAsFixed) {}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * Constants of {@code <sys/socket.h>}, {@code <netinet/in.h>} and {@code <netinet/tcp.h>}. {@link Platform#ABSENT} where
 * the platform has no such option.
 *
 * @param AF_UNSPEC the family of the address that a connect(2) of a datagram socket takes to disconnect it
 * @param SO_REUSEPORT_LB FreeBSD: share a port, connections and datagrams being spread over the sockets. SO_REUSEPORT does
 *     that on Linux; elsewhere one socket receives all of them
 * @param SO_LINGER_SECONDS the linger option that counts seconds: SO_LINGER, on macOS SO_LINGER_SEC (its SO_LINGER
 *     counts ticks)
 * @param TCP_KEEPIDLE idle time before the first probe, seconds: TCP_KEEPALIVE on macOS
 * @param TCP_NOPUSH TCP_CORK on Linux
 * @param TCP_FASTOPEN_CONNECT Linux: connect(2) sends nothing, the first write(2) opens the connection with its data
 * @param TCP_INFO answers with the struct of {@link TcpInfoLayout}; macOS has TCP_CONNECTION_INFO instead (its TCP_INFO is
 *     private)
 * @param MSG_CMSG_CLOEXEC received descriptors are close-on-exec; absent on macOS
 * @param MSG_FASTOPEN Linux: sendto(2) opens the connection with its data. On FreeBSD a sendto(2) does so without a flag
 * @param CONNECT_RESUME_ON_READ_WRITE macOS: with this and CONNECT_DATA_IDEMPOTENT connectx(2) opens the connection with
 *     data
 */
public record SocketConstants(
        int AF_UNSPEC,
        int AF_UNIX,
        int AF_INET,
        int AF_INET6,
        int SOCK_STREAM,
        int SOCK_DGRAM,
        int SOCK_NONBLOCK,
        int SOCK_CLOEXEC,
        int SOL_SOCKET,
        int SO_REUSEADDR,
        int SO_REUSEPORT,
        int SO_REUSEPORT_LB,
        int SO_KEEPALIVE,
        int SO_BROADCAST,
        int SO_LINGER,
        int SO_LINGER_SECONDS,
        int SO_SNDBUF,
        int SO_RCVBUF,
        int SO_SNDLOWAT,
        int SO_ERROR,
        int SO_NOSIGPIPE,
        int SO_ACCEPTFILTER,
        int IPPROTO_IP,
        int IPPROTO_IPV6,
        int IPPROTO_TCP,
        int IP_TOS,
        int IPV6_TCLASS,
        int IPV6_V6ONLY,
        int TCP_NODELAY,
        int TCP_NOPUSH,
        int TCP_FASTOPEN,
        int TCP_FASTOPEN_CONNECT,
        int TCP_KEEPIDLE,
        int TCP_KEEPINTVL,
        int TCP_KEEPCNT,
        int TCP_INFO,
        int TCP_CONNECTION_INFO,
        int SHUT_RD,
        int SHUT_WR,
        int SHUT_RDWR,
        int MSG_NOSIGNAL,
        int MSG_TRUNC,
        int MSG_CTRUNC,
        int MSG_CMSG_CLOEXEC,
        int MSG_FASTOPEN,
        int SCM_RIGHTS,
        int CONNECT_RESUME_ON_READ_WRITE,
        int CONNECT_DATA_IDEMPOTENT) {}

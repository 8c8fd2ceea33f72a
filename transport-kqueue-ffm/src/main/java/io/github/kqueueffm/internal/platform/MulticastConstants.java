// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * Multicast options of {@code <netinet/in.h>}, those named {@code IP_*} at level IPPROTO_IP, {@code IPV6_*} at level
 * IPPROTO_IPV6 and {@code MCAST_*} at the level of the group's family. {@link Platform#ABSENT} where the platform has no
 * such option: NetBSD, OpenBSD and DragonFly have no source-specific multicast.
 *
 * @param IP_MULTICAST_IF interface for outgoing datagrams, by a {@code struct in_addr} that is an address of it
 * @param IP_MULTICAST_TTL of {@link Traits#multicastOptionBytes} bytes, as is IP_MULTICAST_LOOP
 * @param IP_MULTICAST_ALL Linux: whether a socket receives what any other socket of the host has joined (which it does by
 *     default); an int, as is IPV6_MULTICAST_ALL
 * @param IPV6_MULTICAST_IF by interface index, an int
 * @param IPV6_MULTICAST_HOPS an int everywhere, as is IPV6_MULTICAST_LOOP
 */
public record MulticastConstants(
        int IP_MULTICAST_IF,
        int IP_MULTICAST_TTL,
        int IP_MULTICAST_LOOP,
        int IP_MULTICAST_ALL,
        int IP_ADD_MEMBERSHIP,
        int IP_DROP_MEMBERSHIP,
        int IP_ADD_SOURCE_MEMBERSHIP,
        int IP_DROP_SOURCE_MEMBERSHIP,
        int IP_BLOCK_SOURCE,
        int IP_UNBLOCK_SOURCE,
        int IPV6_MULTICAST_IF,
        int IPV6_MULTICAST_HOPS,
        int IPV6_MULTICAST_LOOP,
        int IPV6_MULTICAST_ALL,
        int IPV6_JOIN_GROUP,
        int IPV6_LEAVE_GROUP,
        int MCAST_JOIN_SOURCE_GROUP,
        int MCAST_LEAVE_SOURCE_GROUP,
        int MCAST_BLOCK_SOURCE,
        int MCAST_UNBLOCK_SOURCE) {}

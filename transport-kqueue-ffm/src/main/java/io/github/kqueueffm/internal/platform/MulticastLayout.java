// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * The values of the options of {@link MulticastConstants} that are structs: sizes and offsets in bytes. IPv4 addresses are
 * bare {@code struct in_addr}s, interfaces of IPv4 structs likewise (an address of the interface), of the others an index of
 * 4 bytes; groups and sources of {@code group_source_req} are {@code sockaddr_storage}s. {@link Platform#ABSENT} where
 * the platform has no option that takes the struct.
 *
 * @param mreqSize {@code struct ip_mreq}, for IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP
 * @param mreqSourceSize {@code struct ip_mreq_source}, for the IPv4 options with a source. The order of its members differs
 *     between systems
 * @param mreq6Size {@code struct ipv6_mreq}, for IPV6_JOIN_GROUP and IPV6_LEAVE_GROUP
 * @param groupSourceReqSize {@code struct group_source_req}, for the MCAST options; packed to 4 bytes on macOS
 */
public record MulticastLayout(
        int mreqSize,
        int mreqGroup,
        int mreqInterface,
        int mreqSourceSize,
        int mreqSourceGroup,
        int mreqSourceInterface,
        int mreqSourceSource,
        int mreq6Size,
        int mreq6Group,
        int mreq6Interface,
        int groupSourceReqSize,
        int groupSourceReqInterface,
        int groupSourceReqGroup,
        int groupSourceReqSource) {}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * Socket addresses, offsets and sizes in bytes. BSD has a length byte before a one-byte family; Linux a two-byte family.
 *
 * @param length offset of {@code sa_len}, {@link Platform#ABSENT} on Linux
 * @param familySize 1 or 2
 * @param storageSize {@code sizeof(struct sockaddr_storage)}: room that holds any address
 */
public record SockaddrLayout(
        int length,
        int family,
        int familySize,
        int storageSize,
        int in4Size,
        int in4Port,
        int in4Address,
        int in6Size,
        int in6Port,
        int in6FlowInfo,
        int in6Address,
        int in6ScopeId,
        int unSize,
        int unPath,
        int unPathSize) {}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/** What a {@link Field} counts; in data files by the name in lower case, as {@code microseconds}. */
public enum FieldUnit {
    /** A count of events, an enumeration or a set of flags. */
    NUMBER,
    /** The low half of the byte: the first of two bit-fields of 4 bits, where bits are allotted from the low end. */
    LOW_NIBBLE,
    /** The high half of the byte: the second of two bit-fields of 4 bits. */
    HIGH_NIBBLE,
    BYTES,
    BYTES_PER_SECOND,
    /** TCP segments of the size that the connection sends. */
    SEGMENTS,
    MICROSECONDS,
    MILLISECONDS
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import io.github.kqueueffm.internal.platform.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bytes of a C struct as the compiler of a system would place them, by the declarations in the {@code headers-*} files: what tests
 * compare our codecs with, which place them by the numbers of a platform record. All bytes begin as zero.
 */
public final class StructImage {

    private static final Map<String, Headers> HEADERS = new ConcurrentHashMap<>();

    private final CStruct struct;
    private final ByteBuffer bytes;

    private StructImage(CStruct struct, ByteBuffer bytes) {
        this.struct = struct;
        this.bytes = bytes;
    }

    /** In the byte order of this machine. */
    public static StructImage of(Platform platform, String struct) {
        return of(platform, struct, ByteOrder.nativeOrder());
    }

    /** @throws AssertionError if the system does not declare such a struct */
    public static StructImage of(Platform platform, String name, ByteOrder order) {
        CStruct struct = HEADERS.computeIfAbsent(platform.id(), Headers::new).struct(name);
        if (struct == null) {
            throw new AssertionError("The headers of " + platform.id() + " have no struct " + name);
        }
        return new StructImage(struct, ByteBuffer.allocate(struct.size()).order(order));
    }

    /** A number that the headers give under the name that the record has for it. */
    public static int number(Platform platform, String name) {
        String value = HEADERS.computeIfAbsent(platform.id(), Headers::new).value(name);
        if (value == null) {
            throw new AssertionError("The headers of " + platform.id() + " do not give " + name);
        }
        return Integer.parseInt(value);
    }

    /** Whether the system declares such a struct. */
    public static boolean exists(Platform platform, String name) {
        return HEADERS.computeIfAbsent(platform.id(), Headers::new).struct(name) != null;
    }

    /** Sets an integer or a pointer of 1, 2, 4 or 8 bytes, cut to that. */
    public StructImage put(String member, long value) {
        CStruct.Member at = member(member);
        switch (at.size()) {
            case Byte.BYTES -> bytes.put(at.offset(), (byte) value);
            case Short.BYTES -> bytes.putShort(at.offset(), (short) value);
            case Integer.BYTES -> bytes.putInt(at.offset(), (int) value);
            case Long.BYTES -> bytes.putLong(at.offset(), value);
            default -> throw new AssertionError(member + " is not a number");
        }
        return this;
    }

    /** Sets a member, or its beginning, to bytes that stay in their order. */
    public StructImage put(String member, byte[] value) {
        CStruct.Member at = member(member);
        if (value.length > at.size()) {
            throw new AssertionError(member + " has no room for " + value.length + " bytes");
        }
        bytes.put(at.offset(), value);
        return this;
    }

    /** Sets a struct within the struct. */
    public StructImage put(String member, StructImage value) {
        return put(member, value.bytes());
    }

    /** Size of a member in bytes. */
    public int width(String member) {
        return member(member).size();
    }

    private CStruct.Member member(String name) {
        CStruct.Member member = struct.member(name);
        if (member == null) {
            throw new AssertionError(
                    "There is no member " + name + " among " + struct.members().keySet());
        }
        return member;
    }

    /** Whether there is such a member. */
    public boolean has(String member) {
        return struct.member(member) != null;
    }

    public int size() {
        return struct.size();
    }

    public byte[] bytes() {
        return bytes.array().clone();
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a struct are, in bytes.
 *
 * @param size with padding, as {@code sizeof} has it
 */
public record CStruct(int size, int alignment, Map<String, Member> members) {

    /** No member of any struct has a greater alignment. */
    static final int NOT_PACKED = 16;

    /** Offset and size of one member. */
    public record Member(int offset, int size) {}

    /** {@code null} if there is none of that name. */
    @Nullable
    Member member(String name) {
        return members.get(name);
    }

    /** Lays out members as a C compiler does: each at the next multiple of its alignment. */
    static final class Builder {

        private final Map<String, Member> members = new LinkedHashMap<>();
        private final boolean union;
        private final int pack;
        private int end;
        private int size;
        private int alignment = 1;

        /**
         * @param pack greatest alignment that a member gets, as of {@code #pragma pack}
         * @param atLeast alignment that the whole has at least
         */
        Builder(boolean union, int pack, int atLeast) {
            this.union = union;
            this.pack = pack;
            this.alignment = atLeast;
        }

        Builder add(String name, int memberSize, int memberAlignment) {
            int aligned = Math.min(pack, memberAlignment);
            int at = union ? 0 : roundUp(end, aligned);
            // Padding is named _ in Go, as often as there is some.
            members.putIfAbsent(name, new Member(at, memberSize));
            end = at + memberSize;
            size = Math.max(size, end);
            alignment = Math.max(alignment, aligned);
            return this;
        }

        CStruct build() {
            return new CStruct(roundUp(size, alignment), alignment, members);
        }

        private static int roundUp(int offset, int alignment) {
            return (offset + alignment - 1) / alignment * alignment;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * A number in a struct whose members differ between systems in width and unit.
 *
 * @param offset bytes from the start of the struct; {@link Platform#ABSENT} in {@link #NONE}
 * @param size 1, 2, 4 or 8 bytes, unsigned; 0 in {@link #NONE}
 */
public record Field(int offset, int size, FieldUnit unit) {

    /** For what the platform does not tell. */
    public static final Field NONE = new Field(Platform.ABSENT, 0, FieldUnit.NUMBER);

    /** Whether the platform's struct has it; an older kernel may still fill less of the struct. */
    public boolean exists() {
        return size != 0;
    }

    /** Offset of the first byte behind it, 0 for {@link #NONE}: an answer shorter than this does not hold it. */
    public int end() {
        return exists() ? offset + size : 0;
    }
}

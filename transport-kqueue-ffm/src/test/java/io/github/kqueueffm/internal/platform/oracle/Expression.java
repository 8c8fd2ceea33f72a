// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to ask an oracle: {@code NAME} and {@code NAME+1} for a constant, {@code struct.member} for an offset,
 * {@code sizeof(struct)}, {@code sizeof(struct.member)}, {@code count(struct.member)} for the length of an array of elements of 4
 * bytes, {@code fn(name)} for a symbol, and {@code -} for nothing.
 */
record Expression(String text) {

    private static final Pattern CALL = Pattern.compile("(sizeof|count|fn)\\((\\w+)(?:\\.(\\w+))?\\)");
    private static final Pattern MEMBER = Pattern.compile("(\\w+)\\.(\\w+)");
    private static final Pattern CONSTANT = Pattern.compile("(\\w+)(?:\\+(\\d+))?");
    private static final int ELEMENT = 4;

    /** The answer as {@link PlatformValue} has it, {@code null} if there is none. */
    @Nullable
    String ask(Oracle oracle) {
        if (text.equals("-")) {
            return null;
        }
        Matcher call = CALL.matcher(text);
        if (call.matches()) {
            return call(oracle, call.group(1), call.group(2), call.group(3));
        }
        Matcher member = MEMBER.matcher(text);
        if (member.matches()) {
            CStruct.Member found = member(oracle, member.group(1), member.group(2));
            return found == null ? null : String.valueOf(found.offset());
        }
        Matcher constant = CONSTANT.matcher(text);
        if (!constant.matches()) {
            throw new IllegalStateException("Cannot read '" + text + "'");
        }
        Long value = oracle.constant(constant.group(1));
        return value == null
                ? null
                : text(value + (constant.group(2) == null ? 0 : Integer.parseInt(constant.group(2))));
    }

    /** What fits into 32 bits with or without a sign is the int of these bits, as in the records. */
    static String text(long value) {
        return value == (int) value || value >>> Integer.SIZE == 0
                ? String.valueOf((int) value)
                : String.valueOf(value);
    }

    private static @Nullable String call(Oracle oracle, String what, String name, @Nullable String member) {
        if (what.equals("fn")) {
            return oracle.symbol(name);
        }
        if (member == null) {
            CStruct struct = oracle.struct(name);
            return struct == null ? null : String.valueOf(struct.size());
        }
        CStruct.Member found = member(oracle, name, member);
        return found == null ? null : String.valueOf(what.equals("count") ? found.size() / ELEMENT : found.size());
    }

    private static CStruct.@Nullable Member member(Oracle oracle, String struct, String member) {
        CStruct found = oracle.struct(struct);
        return found == null ? null : found.member(member);
    }

    /** The size of the member that this is the offset of. */
    Expression size() {
        return text.equals("-") ? this : new Expression("sizeof(" + text + ')');
    }
}

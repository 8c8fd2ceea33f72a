// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import io.github.kqueueffm.internal.platform.CFunction;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a kqueue has and has not beyond READ and WRITE, found by trying. */
final class Abilities {

    private final Kind kind;
    private final Map<String, String> lacking = new HashMap<>();

    Abilities(Kind kind) {
        this.kind = kind;
    }

    /** Why a case that needs it cannot be asked, {@code null} if it can. */
    @Nullable
    String lacks(String need) {
        String reason = lacking.computeIfAbsent(need, this::tryOut);
        return reason.isEmpty() ? null : reason;
    }

    private String tryOut(String need) {
        switch (need) {
            case "any-thread-closes":
                return kind.real() ? "" : "a descriptor is closed by the thread that waits, never by another";
            case "kevent(2)":
                return kind.real() ? "" : "there is no such call";
            case "paths-of-the-jdk":
                return Kind.BINDING.jdkKernel() && Kind.BINDING.syscalls().has(CFunction.OPEN)
                        ? ""
                        : "its files are not known to be those of the JDK";
            default:
                return refused(need);
        }
    }

    /** An EV_ADD that is refused is an honest no; whatever else goes wrong is for the case itself to show. */
    private String refused(String need) {
        try (Script k = new Script(kind, List.of())) {
            String change = probe(need, k);
            k.change(change).call();
            String answer = k.answers().get(0);
            boolean no = answer.contains("ERROR EINVAL")
                    || answer.contains("ERROR EOPNOTSUPP")
                    || answer.contains("ERROR ENOTSUP")
                    || answer.contains("ERROR ENOSYS");
            return no ? "EV_ADD is answered with " + answer : "";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String probe(String need, Script k) {
        return switch (need) {
            case "TIMER" -> "1 TIMER ADD data=100000";
            case "USER" -> "1 USER ADD|CLEAR";
            case "USER-bits" -> "1 USER ADD|CLEAR fflags=FFCOPY|1";
            case "PROC" -> {
                k.name("self", ProcessHandle.current().pid());
                yield "self PROC ADD fflags=EXIT";
            }
            case "VNODE" -> {
                k.file("f", 1);
                yield "f VNODE ADD|CLEAR fflags=WRITE";
            }
            case "kqueue-in-kqueue" -> {
                k.innerKqueue("inner");
                yield "inner READ ADD";
            }
            default -> throw new IllegalArgumentException(need);
        };
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** EVFILT_USER. Its answers are those of filt_usertouch() in FreeBSD, which NetBSD 10 has too. */
final class UserCases {

    private static final String TRIGGER = "1 USER 0 fflags=TRIGGER udata=9";

    private UserCases() {}

    static void add(Scripts scripts) {
        scripts.add(
                "user.told-once",
                k -> k.apply("1 USER ADD|CLEAR udata=9")
                        .events()
                        .apply(TRIGGER)
                        .events()
                        .events());
        scripts.add("user.by-trigger", UserCases::byTrigger);
        scripts.add(
                "user.twice-is-one",
                k -> k.apply("1 USER ADD|CLEAR udata=9")
                        .apply(TRIGGER)
                        .apply(TRIGGER)
                        .events()
                        .events());
        scripts.add(
                "user.level",
                k -> k.apply("1 USER ADD udata=9").apply(TRIGGER).events().events());
        scripts.add(
                "user.disabled",
                k -> k.apply("1 USER ADD|CLEAR udata=9", "1 USER DISABLE udata=9")
                        .apply(TRIGGER)
                        .events()
                        .change("1 USER ENABLE udata=9")
                        .events());
        scripts.add(
                "user.oneshot",
                k -> k.apply("1 USER ADD|ONESHOT udata=9")
                        .apply(TRIGGER)
                        .events()
                        .change("1 USER DELETE udata=9")
                        .call());
        scripts.add(
                "user.absent", k -> k.change("1 USER ENABLE udata=9", TRIGGER).call());
        scripts.add(
                "user.told-apart",
                k -> k.apply("1 USER ADD|CLEAR udata=9", "2 USER ADD|CLEAR udata=10")
                        .apply("2 USER 0 fflags=TRIGGER udata=10")
                        .events());
        scripts.add(
                "user.udata-of-the-trigger",
                k -> k.apply("1 USER ADD|CLEAR udata=9")
                        .apply("1 USER 0 fflags=TRIGGER udata=5")
                        .events());
        scripts.add(
                "user.flag-bits",
                k -> k.apply("1 USER ADD|CLEAR udata=9")
                        .apply("1 USER 0 fflags=FFCOPY|0xf0 udata=9", "1 USER 0 fflags=FFOR|0x0f udata=9")
                        .apply("1 USER 0 fflags=FFAND|0x3c udata=9")
                        .events()
                        .apply(TRIGGER)
                        .events()
                        .apply("1 USER 0 fflags=TRIGGER|0xff udata=9")
                        .events());
        scripts.add(
                "user.data",
                k -> k.apply("1 USER ADD|CLEAR udata=9")
                        .apply("1 USER 0 fflags=TRIGGER data=42 udata=9")
                        .events());
        scripts.add(
                "user.clear-takes-the-trigger-back",
                k -> k.apply("1 USER ADD|CLEAR udata=9")
                        .apply("1 USER CLEAR fflags=TRIGGER udata=9")
                        .events());
    }

    private static void byTrigger(Script k) {
        k.apply("1 USER ADD|CLEAR udata=9");
        k.add("trigger", k.kernel.trigger(1, 9)).events().events();
    }
}

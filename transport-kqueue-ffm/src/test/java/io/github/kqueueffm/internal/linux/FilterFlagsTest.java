// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each flag with each filter. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FilterFlagsTest {

    private final Kqueue kq = new Kqueue();
    private final int add = kq.c.EV_ADD();
    private final int clear = kq.c.EV_CLEAR();
    private final int enable = kq.c.EV_ENABLE();
    private final int disable = kq.c.EV_DISABLE();
    private final int delete = kq.c.EV_DELETE();

    enum Filter {
        READ(Source::read),
        WRITE(Source::write),
        FILE(Source::file),
        VNODE(Source::vnode),
        PROC(Source::process),
        SIGNAL(Source::signal),
        TIMER(Source::timer),
        USER(Source::user);

        final Function<Kqueue, Source> factory;

        Filter(Function<Kqueue, Source> factory) {
            this.factory = factory;
        }
    }

    private Source source;

    @AfterEach
    void close() {
        kq.close();
        if (source != null) {
            source.close();
        }
    }

    private Source of(Filter filter) {
        source = filter.factory.apply(kq);
        return source;
    }

    private void added(int flags) {
        assertThat(source.change(add | flags, 1).poll()).isEmpty();
    }

    /** The change is one of a knote that is not there. */
    private void absent(int flags) {
        int enoent = kq.platform.errno().ENOENT();
        assertThat(source.change(flags, 2).poll()).containsExactly(kq.error(source.ident(), source.filter, enoent, 2));
    }

    /** It is told, with {@code flags} besides EV_ADD and what its filter always adds. */
    private void told(int flags, long udata) {
        assertThat(kq.await()).hasSize(1).allSatisfy(event -> {
            assertThat(event.ident()).isEqualTo(source.ident());
            assertThat(event.filter()).isEqualTo(source.filter);
            assertThat(event.flags()).isEqualTo(add | source.always | flags);
            assertThat(event.udata()).isEqualTo(udata);
        });
    }

    private void silent() {
        assertThat(kq.poll()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void receipt(Filter filter) {
        int receipt = kq.c.EV_RECEIPT();
        of(filter);
        Event good = kq.error(source.ident(), source.filter, 0, 1);
        assertThat(source.change(add | clear | receipt, 1).poll())
                .extracting(event -> event.withErrno(0))
                .containsExactly(good);
        for (int flag : new int[] {disable, enable}) {
            assertThat(source.change(flag | receipt, 1).poll()).containsExactly(good);
        }
        source.happen();
        told(clear | receipt, 1);
        if (filter == Filter.PROC) {
            return;
        }
        assertThat(source.change(delete | receipt, 1).poll()).containsExactly(good);
        absent(delete | receipt);
    }

    @ParameterizedTest
    @EnumSource
    void clearIsToldOnceEachTime(Filter filter) {
        of(filter);
        added(clear);
        source.happen();
        told(clear, 1);
        if (filter != Filter.PROC) {
            if (!source.goesOn()) {
                silent();
            }
            source.happen();
            told(clear, 1);
        }
    }

    /** Signals and timers are EV_CLEAR by themselves, and a process ends once. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PROC", "SIGNAL", "TIMER"})
    void withoutAnyItIsToldOnAndOn(Filter filter) {
        of(filter);
        added(0);
        source.happen();
        for (int i = 0; i < 3; i++) {
            told(0, 1);
        }
        source.change(disable, 1);
        silent();
        source.change(enable, 1);
        told(0, 1);
    }

    @ParameterizedTest
    @EnumSource
    void oneshotIsGoneAfterwards(Filter filter) {
        of(filter);
        added(kq.c.EV_ONESHOT());
        source.happen();
        told(kq.c.EV_ONESHOT(), 1);
        silent();
        absent(delete);
        absent(enable);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PROC", "SIGNAL", "TIMER"})
    void dispatchDisables(Filter filter) {
        int dispatch = kq.c.EV_DISPATCH();
        of(filter);
        added(dispatch);
        source.happen();
        told(dispatch, 1);
        source.happen();
        silent();
        source.change(enable, 1);
        told(dispatch, 1);
        source.happen();
        silent();
    }

    /** As observed on NetBSD: EV_CLEAR wins. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROC")
    void dispatchBesideClearDoesNotDisable(Filter filter) {
        int both = kq.c.EV_DISPATCH() | clear;
        of(filter);
        added(both);
        for (int i = 0; i < 2; i++) {
            source.happen();
            told(both, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void disabledItIsToldWhenEnabled(Filter filter) {
        of(filter);
        added(clear);
        source.change(disable, 1);
        silent();
        source.happen();
        silent();
        source.change(enable, 3);
        // udata is of EV_ADD, but for user events, of which each change is a message.
        told(clear, filter == Filter.USER ? 3 : 1);
    }

    @ParameterizedTest
    @EnumSource
    void addedDisabledItIsToldWhenEnabled(Filter filter) {
        of(filter);
        added(clear | disable);
        source.happen();
        silent();
        // EV_ADD does not enable.
        if (filter != Filter.PROC) {
            source.change(add | clear, 1);
            silent();
            source.happen();
            silent();
        }
        source.change(enable, 1);
        told(clear, 1);
    }

    @ParameterizedTest
    @EnumSource
    void deletedItIsNotTold(Filter filter) {
        of(filter);
        added(clear);
        source.change(delete, 1);
        silent();
        source.happen();
        silent();
        absent(delete);
    }

    @ParameterizedTest
    @EnumSource
    void deletedBetweenItsComingAndTheReportItIsNotTold(Filter filter) {
        of(filter);
        added(clear);
        source.happen();
        source.change(delete, 1);
        silent();
        absent(disable);
    }

    @ParameterizedTest
    @EnumSource
    void addedAndDeletedByOneChange(Filter filter) {
        of(filter);
        added(clear | delete);
        source.happen();
        silent();
        absent(enable);
    }

    @ParameterizedTest
    @EnumSource
    void addedAgainItHasTheNewUdata(Filter filter) {
        of(filter);
        added(clear);
        // -1 is no number to be told apart from others.
        source.change(add | clear, -1);
        silent();
        source.happen();
        told(clear, -1);
    }

    @ParameterizedTest
    @EnumSource
    void changesOfAnAbsentKnoteAreErrors(Filter filter) {
        of(filter);
        for (int flag : new int[] {delete, enable, disable, 0}) {
            absent(flag);
        }
    }

    /** One epoll set, one table: they do not get in each other's way. */
    @ParameterizedTest
    @EnumSource
    void besideAllOthers(Filter filter) {
        List<Filter> others = List.of(Filter.values()).stream()
                .filter(other -> other != filter)
                .toList();
        List<Source> sources =
                others.stream().map(other -> other.factory.apply(kq)).toList();
        try {
            sources.forEach(other -> other.change(add | clear | disable, 9));
            kq.poll();
            sources.stream()
                    .filter(other -> other.filter != kq.c.EVFILT_SIGNAL())
                    .forEach(Source::happen);
            of(filter);
            added(clear);
            source.happen();
            told(clear, 1);
        } finally {
            kq.kernel.close();
            sources.forEach(Source::close);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import java.util.Objects;

/**
 * A filter in the kernel that holds back accepted connections until something has arrived on them: {@code dataready},
 * {@code httpready}. FreeBSD, NetBSD and DragonFly have them, see accept_filter(9). Immutable.
 */
public final class AcceptFilter {

    /** What a listening socket has by default. */
    static final AcceptFilter NONE = new AcceptFilter("", "");

    /** What a listening socket answers when asked on a platform without accept filters. */
    static final AcceptFilter PLATFORM_UNSUPPORTED = new AcceptFilter("", "");

    private final String filterName;
    private final String filterArgs;

    /**
     * @param filterName name of a filter that the kernel has loaded, at most 15 bytes; empty to take the filter away
     * @param filterArgs arguments of the filter, at most 239 bytes; usually empty
     */
    public AcceptFilter(String filterName, String filterArgs) {
        this.filterName = Objects.requireNonNull(filterName, "filterName");
        this.filterArgs = Objects.requireNonNull(filterArgs, "filterArgs");
    }

    public String filterName() {
        return filterName;
    }

    public String filterArgs() {
        return filterArgs;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof AcceptFilter filter
                        && filterName.equals(filter.filterName)
                        && filterArgs.equals(filter.filterArgs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(filterName, filterArgs);
    }

    @Override
    public String toString() {
        return filterArgs.isEmpty() ? filterName : filterName + ' ' + filterArgs;
    }
}

// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * The headers of every page that there is, made once for each second, since Date is all that changes in them.
 * Immutable, so any number of event loops use the same.
 */
final class ResponseHeaders {
    private static final AsciiString SERVER = AsciiString.cached("transport-kqueue-ffm");
    private static final AsciiString ALLOW = AsciiString.cached("GET, HEAD");
    private static final Page[] PAGES = Page.values();
    private static final Persistence[] PERSISTENCES = Persistence.values();

    private static volatile ResponseHeaders current = new ResponseHeaders(System.currentTimeMillis() / 1000);

    private final long second;
    private final AsciiString date;
    private final HttpHeaders[] headers = new HttpHeaders[PAGES.length * PERSISTENCES.length];

    private ResponseHeaders(long second) {
        this.second = second;
        date = new AsciiString(DateFormatter.format(new Date(second * 1000)));
        for (Page page : PAGES) {
            for (Persistence persistence : PERSISTENCES) {
                headers[index(page, persistence)] = make(page, persistence, date);
            }
        }
    }

    /**
     * The headers as of now. They are renewed by the first request of a second and not by a timer, which would wake
     * an idle server. Two threads may both renew them; both results are right.
     */
    static ResponseHeaders current() {
        long now = System.currentTimeMillis() / 1000;
        ResponseHeaders headers = current;
        if (headers.second != now) {
            headers = new ResponseHeaders(now);
            current = headers;
        }
        return headers;
    }

    HttpHeaders get(Page page, Persistence persistence) {
        return headers[index(page, persistence)];
    }

    /** The headers of a file, which are not kept. */
    HttpHeaders get(StaticFile file, Persistence persistence) {
        List<CharSequence> pairs = new ArrayList<>();
        addGeneral(pairs, date);
        pairs.add(HttpHeaderNames.CONTENT_TYPE);
        pairs.add(HttpHeaderValues.APPLICATION_OCTET_STREAM);
        pairs.add(HttpHeaderNames.CONTENT_LENGTH);
        pairs.add(new AsciiString(Long.toString(file.length())));
        addConnection(pairs, persistence);
        return new ReadOnlyHttpHeaders(true, pairs.toArray(CharSequence[]::new));
    }

    private static int index(Page page, Persistence persistence) {
        return page.ordinal() * PERSISTENCES.length + persistence.ordinal();
    }

    private static HttpHeaders make(Page page, Persistence persistence, AsciiString date) {
        List<CharSequence> pairs = new ArrayList<>();
        addGeneral(pairs, date);
        pairs.add(HttpHeaderNames.CONTENT_TYPE);
        pairs.add(page.contentType());
        pairs.add(HttpHeaderNames.CONTENT_LENGTH);
        pairs.add(new AsciiString(Integer.toString(page.length())));
        if (page == Page.METHOD_NOT_ALLOWED) {
            pairs.add(HttpHeaderNames.ALLOW);
            pairs.add(ALLOW);
        }
        addConnection(pairs, persistence);
        return new ReadOnlyHttpHeaders(true, pairs.toArray(CharSequence[]::new));
    }

    private static void addGeneral(List<CharSequence> pairs, AsciiString date) {
        pairs.add(HttpHeaderNames.SERVER);
        pairs.add(SERVER);
        pairs.add(HttpHeaderNames.DATE);
        pairs.add(date);
    }

    private static void addConnection(List<CharSequence> pairs, Persistence persistence) {
        AsciiString connection = persistence.connectionHeader();
        if (connection != null) {
            pairs.add(HttpHeaderNames.CONNECTION);
            pairs.add(connection);
        }
    }
}

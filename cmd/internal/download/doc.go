// Package download fetches what a URL names into a file or a stream, however often the connection breaks: it follows
// redirects, resumes where it was, in the next attempt or in the next run, and never puts together what does not belong
// together. Over what it asks is the caller's http.RoundTripper.
package download

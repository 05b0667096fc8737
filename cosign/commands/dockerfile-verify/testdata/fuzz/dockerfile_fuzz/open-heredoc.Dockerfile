FROM one
RUN <<EOF
FROM two

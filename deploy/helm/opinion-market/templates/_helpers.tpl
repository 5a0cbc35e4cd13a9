{{- define "om.labels" -}}
app.kubernetes.io/name: opinion-market
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "om.selector" -}}
app.kubernetes.io/name: opinion-market
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "om.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}

{{- define "om.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "om.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 10001
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* The pods of one program: root, name, program, values, and whether it may speak to the cluster. */}}
{{- define "om.pod" -}}
metadata:
  labels: {{- include "om.selector" . | nindent 4 }}
  annotations:
    checksum/settings: {{ .root.Values.settings | toJson | sha256sum }}
spec:
  serviceAccountName: {{ .root.Release.Name }}-{{ if .scales }}scaler{{ else }}app{{ end }}
  automountServiceAccountToken: {{ .scales }}
  terminationGracePeriodSeconds: {{ .root.Values.terminationSeconds }}
  {{- with .root.Values.pullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext: {{- include "om.podSecurity" .root | nindent 4 }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector: {matchLabels: {app.kubernetes.io/instance: {{ .root.Release.Name }}, app.kubernetes.io/component: {{ .name }}}}
  containers:
    - name: {{ .program }}
      image: {{ include "om.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [{{ .program }}]
      securityContext: {{- include "om.containerSecurity" .root | nindent 8 }}
      envFrom:
        - configMapRef: {name: {{ .root.Release.Name }}-settings}
      env:
        - {name: SECRETS_DIR, value: /run/secrets/opinion-market}
        {{- with .values.processes }}
        - {name: WEB_PROCESSES, value: {{ . | quote }}}
        {{- end }}
      resources: {{- toYaml .values.resources | nindent 8 }}
      {{- if eq .program "web" }}
      ports: [{name: http, containerPort: 8000}]
      # A process that answers nothing is started again; one that lost its database only gets no requests.
      startupProbe: {httpGet: {path: /health, port: http, httpHeaders: [{name: Host, value: {{ first .root.Values.hosts }}}]}, periodSeconds: 2, failureThreshold: 60}
      livenessProbe: {httpGet: {path: /health, port: http, httpHeaders: [{name: Host, value: {{ first .root.Values.hosts }}}]}, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3}
      readinessProbe: {httpGet: {path: /ready, port: http, httpHeaders: [{name: Host, value: {{ first .root.Values.hosts }}}]}, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2}
      {{- else }}
      startupProbe: {exec: {command: [python, deploy/image/healthy.py]}, periodSeconds: 5, failureThreshold: 12}
      livenessProbe: {exec: {command: [python, deploy/image/healthy.py]}, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 3}
      readinessProbe: {exec: {command: [python, deploy/image/healthy.py]}, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 3}
      {{- end }}
      volumeMounts:
        - {name: data, mountPath: /data}
        - {name: tmp, mountPath: /tmp}
        - {name: secrets, mountPath: /run/secrets/opinion-market, readOnly: true}
  volumes:
    - name: secrets
      secret: {secretName: {{ .root.Values.secrets.app }}, defaultMode: 0440}
    - name: data
      persistentVolumeClaim: {claimName: {{ .root.Release.Name }}-data}
    - name: tmp
      emptyDir: {sizeLimit: 1Gi}
{{- end }}
